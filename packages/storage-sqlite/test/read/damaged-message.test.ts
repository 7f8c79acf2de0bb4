import { DatabaseSync } from 'node:sqlite'
import { MemoryLogger, VirtualClock } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import { openSqliteStorage } from '../../src/index.ts'
import { commit, databaseFile, message, pendingIds, sending, shard } from '../samples.ts'

async function damagedFile(headers: string): Promise<string> {
  const file = databaseFile()
  await using storage = await openSqliteStorage({ file })
  for (const id of ['m1', 'm2', 'm3']) await commit(storage, sending(id))
  const shell = new DatabaseSync(file)
  shell.prepare("update cruster_messages set headers = ? where id = 'm2'").run(headers)
  shell.close()
  return file
}

describe.each(['', '{"cut off', '[]', 'null', '{"x": 1}'])('a message with the headers %j', (headers) => {
  it('does not hold up its shard: the others are delivered, it becomes a dead letter, and one line is logged', async () => {
    const logger = new MemoryLogger()
    await using storage = await openSqliteStorage({
      file: await damagedFile(headers),
      clock: new VirtualClock(),
      logger,
    })

    expect(await pendingIds(storage)).toEqual(['m1', 'm3'])
    expect(await pendingIds(storage)).toEqual(['m1', 'm3'])
    await commit(storage, sending('m4'))

    expect(await pendingIds(storage)).toEqual(['m1', 'm3', 'm4'])
    const line = {
      level: 'error',
      message: 'message has damaged headers and is not delivered: see the dead letters',
      fields: { id: 'm2', shard },
    }
    expect(logger.lines).toEqual([line])
    const letters = await storage.messages.deadLetters({ limit: 10 })
    expect(letters.map(({ message: { id }, exit }) => [id, exit])).toEqual([['m2', undefined]])
    expect((await storage.messages.find(message('m2').id))?.status).toBe('dead')
  })
})

it('fills a page with what comes behind a damaged message', async () => {
  await using storage = await openSqliteStorage({ file: await damagedFile('?'), clock: new VirtualClock() })

  const page = await storage.messages.pending({ shard, after: 0, dueWithinMs: 0, limit: 2 })

  expect(page.map(({ id }) => id)).toEqual(['m1', 'm3'])
})

it('is delivered again when a person has repaired and revived it', async () => {
  const file = await damagedFile('?')
  {
    await using storage = await openSqliteStorage({ file })
    await pendingIds(storage)
  }
  const shell = new DatabaseSync(file)
  shell.exec("update cruster_messages set headers = '{}' where id = 'm2'")
  shell.close()
  await using storage = await openSqliteStorage({ file })

  await commit(storage, { operations: [{ kind: 'reviveMessage', id: message('m2').id }] })

  expect(await pendingIds(storage)).toEqual(['m1', 'm3', 'm2'])
})
