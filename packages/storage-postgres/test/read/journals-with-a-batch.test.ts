import { expect, it } from 'vitest'
import type { Operation, Unit } from '@cruster/core/ports'
import { address, bytes, commit, fence, sending } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

const owner = fence(1)
const append = (id: string, position: number, ...texts: readonly string[]): Operation => ({
  kind: 'appendJournal',
  address: address(id),
  position,
  entries: texts.map(bytes),
})
const unit = (...operations: readonly Operation[]): Unit => ({ fence: owner, operations })

async function opened() {
  const { open } = await testSchema()
  const storage = await open()
  await storage.claim([owner])
  await commit(storage, unit(append('there', 1, 'one', 'two')))
  const read = async (id: string): Promise<readonly string[]> => {
    const entries = await storage.journals.read({ address: address(id), after: 0, limit: 10 })
    return entries.map((entry) => new TextDecoder().decode(entry))
  }
  return { storage, read }
}

it('reads journals that are there, and none that are not, while something is being stored', async () => {
  const { storage, read } = await opened()

  const storing = storage.commit([sending('m')])
  const journals = await Promise.all(['there', 'new', "'new', 2", 'there'].map(read))

  expect(journals).toEqual([['one', 'two'], [], [], ['one', 'two']])
  expect(await storing).toMatchObject([{ kind: 'applied' }])
})

it('reads a single journal while something is being stored', async () => {
  const { storage, read } = await opened()

  const storing = storage.commit([sending('m')])
  expect(await read('there')).toEqual(['one', 'two'])
  await storing
  const again = storage.commit([sending('n')])
  expect(await read('new')).toEqual([])
  await again
})

it('reads what is there, too, when what is being stored is refused or already known', async () => {
  const { storage, read } = await opened()
  await commit(storage, sending('known'))
  for (const refused of [
    unit(append('there', 1, 'again')),
    sending('known'),
    { ...unit(append('x', 1, 'x')), fence: fence(2) },
  ]) {
    const storing = storage.commit([refused])
    expect(await Promise.all(['there', 'new'].map(read))).toEqual([['one', 'two'], []])
    await storing
  }
})

it('reads what was stored just before', async () => {
  const { storage, read } = await opened()
  for (const round of [1, 2, 3, 4, 5]) {
    await commit(storage, unit(append(`new ${round}`, 1, 'first')))
    const storing = storage.commit([sending(`m${round}`)])
    expect(await read(`new ${round}`)).toEqual(['first'])
    await storing
  }
})
