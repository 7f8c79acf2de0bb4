import { RunnerUnavailable, StorageError, encode, requestId, shardId, silentLogger } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { NewMessage, Operation, UnitResult } from '@cruster/core/ports'
import { describe, expect, it } from 'vitest'
import { storeWake } from '../../src/engine/store-wake.ts'

const message: NewMessage = {
  id: requestId('1'),
  address: { shard: shardId('default', 0), type: 'Workflow/W', id: '1' },
  method: 'event',
  payload: encode({ kind: 'wake' }),
  headers: {},
  oneWay: true,
  retainMs: 0,
}

/** An execution whose process has no place in the cluster at first, and whose storage does not answer at first. */
function scene({ placeless = 0, unanswered = 0 }) {
  const clock = new VirtualClock()
  const life = new AbortController()
  const stored: (readonly Operation[])[] = []
  const tries = { made: 0, stored: 0 }
  const make = (): NewMessage => {
    tries.made += 1
    if (tries.made <= placeless) throw new RunnerUnavailable('of this process', { outcome: 'not-started' })
    return { ...message, id: requestId(`${tries.made}`) }
  }
  const commit = async (operations: readonly Operation[]): Promise<UnitResult> => {
    tries.stored += 1
    stored.push(operations)
    if (tries.stored <= unanswered) throw new StorageError('no answer', { outcome: 'unknown' })
    return { kind: 'applied', sequences: [1] }
  }
  const storing = storeWake({ commit, log: silentLogger, signal: life.signal, services: { clock } }, make)
  return { clock, life, stored, storing }
}

const wake = (id: string): Operation => ({
  kind: 'saveMessage',
  message: { ...message, id: requestId(id) },
  ifNew: true,
})

describe('the message that wakes an execution', () => {
  it('is stored as soon as the process has a place in the cluster, under which it can name it', async () => {
    const { clock, stored, storing } = scene({ placeless: 2 })

    await clock.advance('1s')

    expect(await storing).toBe(true)
    expect(stored).toEqual([[wake('3')]])
  })

  it('is the same one each time that storage does not answer', async () => {
    const { clock, stored, storing } = scene({ unanswered: 2 })

    await clock.advance('1s')

    expect(await storing).toBe(true)
    expect(stored).toEqual([[wake('1')], [wake('1')], [wake('1')]])
  })

  it('is not needed any more when the life of the execution is over', async () => {
    const { clock, life, stored, storing } = scene({ placeless: Infinity })

    await clock.advance('1s')
    life.abort()

    expect(await storing).toBe(false)
    expect(stored).toEqual([])
  })
})
