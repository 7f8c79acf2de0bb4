import { requestId } from '@cruster/core'
import { MemoryLogger } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import { commit, message, pendingIds, sending, shard } from '../samples.ts'
import { testSchema, until } from '../test-storage.ts'

async function withDamaged(headers: string) {
  const database = await testSchema()
  const logger = new MemoryLogger()
  const storage = await database.open({ logger })
  await commit(storage, sending('m1', 'm2', 'm3'))
  await database.query("update messages set headers = $1 where id = 'm2'", headers)
  return { ...database, logger, storage }
}

describe.each(['', '{"cut off', '[]', 'null', '{"x": 1}'])('a message with the headers %j', (headers) => {
  it('does not hold up its shard: the others are delivered, it becomes a dead letter, and one line is logged', async () => {
    const { logger, storage } = await withDamaged(headers)

    const reads = await Promise.all([pendingIds(storage), pendingIds(storage)])
    await until('it is buried', async () => (await storage.messages.find(requestId('m2')))?.status === 'dead')

    expect(reads).toEqual([
      ['m1', 'm3'],
      ['m1', 'm3'],
    ])
    const line = {
      level: 'error',
      message: 'message has damaged headers and is not delivered: see the dead letters',
      fields: { id: 'm2', shard },
    }
    expect(logger.lines).toEqual([line])
    const letters = await storage.messages.deadLetters({ limit: 10 })
    expect(letters.map(({ message: { id }, exit }) => [id, exit])).toEqual([['m2', undefined]])
  })
})

it('fills a page with what comes behind a damaged message', async () => {
  const { storage } = await withDamaged('?')

  const page = await storage.messages.pending({ shard, after: 0, dueWithinMs: 0, limit: 2 })

  expect(page.map(({ id }) => id)).toEqual(['m1', 'm3'])
})

it('is delivered again when a person has repaired and revived it', async () => {
  const { storage, query } = await withDamaged('?')
  await pendingIds(storage)
  await until('it is buried', async () => (await storage.messages.find(requestId('m2')))?.status === 'dead')
  await query("update messages set headers = '{}' where id = 'm2'")

  await commit(storage, { operations: [{ kind: 'reviveMessage', id: message('m2').id }] })

  expect(await pendingIds(storage)).toEqual(['m1', 'm3', 'm2'])
})
