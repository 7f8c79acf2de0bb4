import { StorageError } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import { StateLoads } from '../../src/read/state-loads.ts'
import { sqlNames } from '../../src/schema/sql-names.ts'
import type { Row, Statement } from '../../src/session/session.ts'
import { address, fence, putState } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

describe('states', () => {
  it('that are asked for at once come with one query, each to whom asked for it', async () => {
    const storage = await (await testSchema()).open()
    await storage.claim([fence(1)])
    const ids = Array.from({ length: 100 }, (_, index) => `entity ${index} "\\,{}`)
    await storage.commit(ids.map((id) => ({ fence: fence(1), operations: [putState(id, 1)] })))

    const asked = [...ids, 'nobody', 'entity 3 "\\,{}'].map((id) => storage.states.load(address(id)))
    const states = (await Promise.all(asked)).map((found) => found && new TextDecoder().decode(found.state))

    expect(states).toEqual([...ids.map((id) => `${id} 1`), undefined, 'entity 3 "\\,{} 1'])
  })

  it('share the fate of their query, and one that is damaged does not concern others', async () => {
    const clock = new VirtualClock()
    const statements: Statement[] = []
    const damaged: Row = { place: 1, version: 'x', state: new Uint8Array() }
    const answers: (() => readonly Row[])[] = [
      () => [{ place: 2, version: 1, state: new Uint8Array() }, damaged],
      () => {
        throw new StorageError('refused', { outcome: 'not-started' })
      },
    ]
    const loads = new StateLoads(
      async (statement) => {
        statements.push(statement)
        return answers.shift()?.() ?? []
      },
      sqlNames('cruster'),
      clock,
    )
    const load = async (): Promise<readonly string[]> => {
      const loading = Promise.allSettled([loads.load(address('a')), loads.load(address('b'))])
      await clock.runUntilIdle()
      return (await loading).map(({ status }) => status)
    }

    expect(await load()).toEqual(['rejected', 'fulfilled'])
    expect(await load()).toEqual(['rejected', 'rejected'])
    expect(statements).toHaveLength(2)
  })
})
