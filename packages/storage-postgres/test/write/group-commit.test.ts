import { SystemClock, StorageError, requestId } from '@cruster/core'
import type { Unit, UnitResult } from '@cruster/core/ports'
import { describe, expect, it } from 'vitest'
import { GroupCommit } from '../../src/write/group-commit.ts'
import { address, commit, fence, pendingIds, saveMessage, sending } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

const idsOf = (units: readonly Unit[]): readonly string[] =>
  units.flatMap(({ operations }) =>
    operations.map((each) => (each.kind === 'saveMessage' ? each.message.id : each.kind)),
  )

const sendingTo = (shard: number, id: string): Unit => ({
  operations: [saveMessage(id, { address: address(id, shard) })],
})

const turn = (): Promise<unknown> => new Promise((resolve) => new SystemClock().defer(() => resolve(undefined)))

/** Records batches, each answered in the next turn; the one with `slow` in it when `answerSlow` is called. */
function recorder(refuse: (ids: readonly string[]) => Error | undefined = () => undefined) {
  const batches: (readonly string[])[] = []
  let answerSlow = (): void => undefined
  const slow = new Promise<void>((resolve) => (answerSlow = resolve))
  const group = new GroupCommit(async (units): Promise<readonly UnitResult[]> => {
    const ids = idsOf(units)
    batches.push(ids)
    await (ids.includes('slow') ? slow : turn())
    const error = refuse(ids)
    if (error !== undefined) throw error
    return units.map((_, index) => ({ kind: 'applied', sequences: [index + 1] }))
  }, new SystemClock())
  return { batches, group, answerSlow }
}

const failure = (code: string, outcome: 'not-started' | 'unknown' = 'not-started'): StorageError =>
  new StorageError('refused', { outcome, cause: Object.assign(new Error('by the server'), { code }) })

describe('a group commit', () => {
  it('gathers the calls of a turn, and those that come while a batch is on its way', async () => {
    const { batches, group } = recorder()

    const first = [group.add([sending('a')]), group.add([sending('b')])]
    await turn()
    const later = [group.add([sending('c')]), group.add([sending('d'), sending('e')])]
    const results = await Promise.all([...first, ...later])

    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ])
    expect(results.map((list) => list.length)).toEqual([1, 1, 1, 2])
    expect(results[3]).toEqual([2, 3].map((sequence) => ({ kind: 'applied', sequences: [sequence] })))
  })

  it('shares out what concerns different shards between two batches under way', async () => {
    const { batches, group } = recorder()

    const calls = Array.from({ length: 40 }, (_, shard) => group.add([sendingTo(shard, `m${shard}`)]))
    await Promise.all(calls)

    expect(batches.map(({ length }) => length)).toEqual([20, 20])
    expect(batches.flat()).toEqual(Array.from({ length: 40 }, (_, shard) => `m${shard}`))
  })

  it('lets a batch that would be much smaller than the one under way wait for its end', async () => {
    const { batches, group, answerSlow } = recorder()
    const to = (shards: readonly number[]) => shards.map((shard) => group.add([sendingTo(shard, `m${shard}`)]))

    const first = [group.add([sendingTo(100, 'slow')]), ...to([1, 2, 3])]
    await turn()
    const few = to([4, 5])
    await turn()
    expect(batches).toEqual([['slow', 'm1', 'm2', 'm3']])

    const enough = to([6])
    await Promise.all([...few, ...enough])
    expect(batches.slice(1)).toEqual([['m4', 'm5', 'm6']])

    answerSlow()
    await Promise.all(first)
  })

  it('asks for journals with the next batch, and leaves open what that did not answer', async () => {
    const asked: unknown[] = []
    const group = new GroupCommit(async (units, questions): Promise<readonly UnitResult[]> => {
      asked.push(questions.addresses.map(({ id }) => id))
      await turn()
      if (asked.length === 2) throw failure('08006', 'unknown')
      if (asked.length === 1) questions.answer(new Set([1]))
      return units.map(() => ({ kind: 'applied', sequences: [] }))
    }, new SystemClock())
    const storing = async (...ids: readonly string[]): Promise<readonly unknown[]> => {
      const stored = group.add([sending('m')]).catch(() => undefined)
      const answers = await Promise.all(ids.map(async (id) => group.askForJournal(address(id))))
      await stored
      return answers
    }

    expect(group.askForJournal(address('alone'))).toBe(undefined)
    expect(await storing('a', 'b', 'c')).toEqual([false, true, false])
    expect(await storing('d')).toEqual([undefined])
    expect(await storing('e')).toEqual([undefined])
    expect(asked).toEqual([['a', 'b', 'c'], ['d'], ['e']])
  })

  it('leaves a few calls together', async () => {
    const { batches, group } = recorder()

    await Promise.all([0, 1, 2].map((shard) => group.add([sendingTo(shard, `m${shard}`)])))

    expect(batches).toEqual([['m0', 'm1', 'm2']])
  })

  it('keeps the order of calls that concern the same shard, and does not make others wait for them', async () => {
    const { batches, group, answerSlow } = recorder()

    const calls = [group.add([sendingTo(1, 'slow')])]
    await turn()
    calls.push(
      group.add([sendingTo(1, 'a'), sendingTo(2, 'b')]),
      group.add([sendingTo(2, 'c')]),
      group.add([sendingTo(3, 'd')]),
    )
    await calls[3]
    expect(batches).toEqual([['slow'], ['d']])
    answerSlow()
    await Promise.all(calls)

    expect(batches.slice(2)).toEqual([['a', 'b', 'c']])
  })

  it('cancels a message only after it was stored, although that is for another shard to do', async () => {
    const { batches, group, answerSlow } = recorder()
    const cancel: Unit = {
      fence: fence(1, 7),
      operations: [{ kind: 'cancelMessage', id: requestId('slow'), ifPending: true }],
    }

    const calls = [group.add([sendingTo(1, 'slow')])]
    await turn()
    calls.push(group.add([cancel]), group.add([sendingTo(2, 'other')]))
    await calls[2]
    expect(batches).toEqual([['slow'], ['other']])
    answerSlow()
    await Promise.all(calls)

    expect(batches.slice(2)).toEqual([['cancelMessage']])
  })

  it('is idle when all batches are answered', async () => {
    const { batches, group } = recorder()
    const answered: string[] = []

    for (const shard of [1, 2]) void group.add([sendingTo(shard, `m${shard}`)]).then(() => answered.push(`m${shard}`))
    await group.idle()

    expect(batches).toEqual([['m1', 'm2']])
    expect(answered).toEqual(['m1', 'm2'])
    await group.idle()
  })

  it('splits a flood, but never a call', async () => {
    const { batches, group } = recorder()
    const call = Array.from({ length: 400 }, (_, index) => sending(`${index}`))

    await Promise.all([group.add(call), group.add(call), group.add(call), group.add([...call, ...call, ...call])])

    expect(batches.map(({ length }) => length)).toEqual([800, 400, 1200])
  })

  it('commits calls one by one when a value in one of them is refused', async () => {
    const { batches, group } = recorder((ids) => (ids.includes('bad') ? failure('54000') : undefined))

    const results = await Promise.allSettled(['a', 'bad', 'b'].map((id) => group.add([sending(id)])))

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(batches).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']])
  })

  it.each([
    ['the outcome is unknown', failure('22000', 'unknown')],
    ['it is not about a value', failure('53100')],
  ])('does nothing twice when %s', async (_, error) => {
    const { batches, group } = recorder(() => error)

    const results = await Promise.allSettled(['a', 'b'].map((id) => group.add([sending(id)])))

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(batches).toEqual([['a', 'b']])
  })
})

it('stores the neighbours of a message with an id that PostgreSQL cannot index', async () => {
  const { open } = await testSchema()
  const storage = await open()
  const tooLong = Array.from({ length: 20_000 }, (_, index) => index.toString(36)).join('')

  const results = await Promise.allSettled(['a', tooLong, 'b'].map((id) => commit(storage, sending(id))))

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({
    reason: { outcome: 'not-started', message: expect.stringContaining('ids must stay below 2 KB') },
  })
  expect(await pendingIds(storage)).toEqual(['a', 'b'])
})
