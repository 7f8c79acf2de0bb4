import { MemoryLogger } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { checkPooling } from '../../src/session/check-pooling.ts'
import { checkServer } from '../../src/session/check-server.ts'
import type { Answer, Session, Sessions, Statement } from '../../src/session/session.ts'
import { testSchema } from '../test-storage.ts'

const good = {
  version: 160_001,
  standby: false,
  read_only: 'off',
  encoding: 'UTF8',
  fsync: 'on',
  synchronous_commit: 'on',
}

/** Answers every statement in the same way. */
function sessionOf(answer: (statement: Statement) => Record<string, unknown>): Session {
  const run = async (statement: Statement): Promise<Answer> => ({ rows: [answer(statement)], affected: 1 })
  return {
    run,
    runTogether: (all) => Promise.all(all.map(run)),
    cancel: async () => undefined,
    release: () => undefined,
  }
}

it('takes a server as PostgreSQL is installed', async () => {
  const logger = new MemoryLogger()

  await checkServer(
    sessionOf(() => good),
    logger,
  )

  expect(logger.lines).toEqual([])
})

it.each([
  [{ version: 130_011 }, 'The server is PostgreSQL 13.'],
  [{ standby: true }, 'it is a standby'],
  [{ read_only: 'on' }, 'The server only reads'],
  [{ encoding: 'SQL_ASCII' }, 'has the encoding SQL_ASCII'],
])('refuses a server with %j', async (settings, text) => {
  const session = sessionOf(() => ({ ...good, ...settings }))

  await expect(checkServer(session, new MemoryLogger())).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining(text),
  })
})

it.each([{ fsync: 'off' }, { synchronous_commit: 'off' }])('warns of a server with %j', async (settings) => {
  const logger = new MemoryLogger()

  await checkServer(
    sessionOf(() => ({ ...good, ...settings })),
    logger,
  )

  expect(logger.lines).toMatchObject([
    { level: 'warn', message: expect.stringContaining('does not wait for the disk') },
  ])
})

/** Gives each transaction the backend that was free last, as PgBouncer does when it pools transactions. */
function transactionPool(): Sessions {
  const free = [1, 2]
  const session = (): Session => {
    let held: number | undefined
    return sessionOf(({ text }) => {
      const backend = held ?? free.pop() ?? 0
      held = text === 'begin' ? backend : undefined
      if (text === 'begin') return {}
      if (text === 'commit') held = undefined
      free.push(backend)
      return { pid: backend }
    })
  }
  return { acquire: async () => session(), close: async () => undefined }
}

it('refuses a pooler that changes the backend between transactions', async () => {
  await expect(checkPooling(transactionPool())).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('pool_mode=transaction'),
  })
})

it.each([
  [{ connections: 1 }, 'connections of openPostgresStorage is 1'],
  [{ transactionConnections: 0 }, 'transactionConnections of openPostgresStorage is 0'],
  [{ transactionTimeout: -1 }, 'transactionTimeout'],
])('refuses the options %j', async (options, text) => {
  const { open } = await testSchema()

  await expect(open(options)).rejects.toThrow(text)
})

it('tells its name without user and password', async () => {
  const { open, server, schema } = await testSchema()
  const url = new URL(server.url)
  url.password = 'secret'
  const storage = await open({ connectionString: url.href })

  expect(storage.name).toBe(`postgres ${url.hostname}:${url.port}/postgres schema ${schema}`)
})
