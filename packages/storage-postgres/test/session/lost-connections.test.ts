import { MemoryLogger } from '@cruster/core/memory'
import { TcpProxy } from '@cruster/testing'
import { startPostgres } from '@cruster/testing/servers'
import { openPostgresStorage } from '@cruster/storage-postgres'
import { expect, it, onTestFinished } from 'vitest'
import { address, commit, fence, never, pendingIds, putState, saveMessage, sending } from '../samples.ts'
import { testSchema } from '../test-storage.ts'
import { cuttingProxy } from './cutting-proxy.ts'

async function behindProxy() {
  const database = await testSchema()
  const proxy = await cuttingProxy(database.server.url)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const logger = new MemoryLogger()
  const storage = await database.open({ connectionString: proxy.url, logger })
  await storage.claim([fence(1)])
  return { ...database, proxy, storage, logger }
}

it('does not know the outcome of a commit whose answer is lost, and nothing of it is half done', async () => {
  const { proxy, storage, open } = await behindProxy()
  const other = await open()
  const unit = { fence: fence(1), operations: [putState('a', 1), saveMessage('m')] }

  proxy.cutBehind('new_messages')
  const cut = storage.commit([unit, { fence: fence(1), operations: [putState('b', 1), saveMessage('n')] }])

  await expect(cut).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'unknown',
    message: expect.stringContaining('It may or may not be stored.'),
  })
  const states = await Promise.all(['a', 'b'].map((id) => other.states.load(address(id))))
  const stored = await pendingIds(other)
  expect(stored).toEqual(states[0] === undefined ? [] : ['m', 'n'])
  expect(states.map((state) => state?.version)).toEqual(stored.map(() => 1))
})

it('connects again by itself when lines were cut', async () => {
  const { proxy, storage } = await behindProxy()

  for (let round = 1; round <= 3; round++) {
    proxy.cut()
    // A line may be found dead only when it is used.
    const tries = [1, 2, 3, 4, 5].map((number) => commit(storage, sending(`${round} ${number}`)).catch(() => undefined))
    await Promise.all(tries)
    expect((await commit(storage, sending(`m${round}`))).kind).toBe('applied')
  }
})

it('ends a transaction with user SQL whose line is cut, and stores nothing of it', async () => {
  const { proxy, storage, query } = await behindProxy()
  await query('create table notes (note text)')
  await using transaction = await storage.begin(fence(1), never)
  await transaction.sql.query`insert into notes values ('lost')`

  proxy.cut()

  await expect(transaction.sql.query`select 1`).rejects.toMatchObject({ code: 'STORAGE' })
  await expect(transaction.commit([putState('a', 1)])).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'not-started',
  })
  expect(await query('select * from notes')).toEqual([])
  expect((await commit(storage, sending('m'))).kind).toBe('applied')
})

it('goes on after a restart of PostgreSQL, with everything that was acknowledged', { timeout: 60_000 }, async () => {
  await using server = await startPostgres()
  await using storage = await openPostgresStorage({ connectionString: server.url })
  await storage.claim([fence(1)])
  const watching = new AbortController()
  const hints = storage.hints?.watch(watching.signal)[Symbol.asyncIterator]()
  const acknowledged: string[] = []
  const over = new AbortController()
  const senders = Array.from({ length: 4 }, async (_, sender) => {
    for (let number = 0; !over.signal.aborted; number++) {
      const id = `${sender} ${number}`
      const result = await commit(storage, sending(id)).catch(() => undefined)
      if (result?.kind === 'applied') acknowledged.push(id)
      else await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })
  const more = (than: number) => expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(than)
  await more(20)

  await server.stop('immediate')
  const atStop = acknowledged.length
  await server.start()
  await more(atStop + 20)
  over.abort()
  await Promise.all(senders)

  const page = await storage.messages.pending({ shard: fence(1).shard, after: 0, dueWithinMs: 0, limit: 100_000 })
  const ids: ReadonlySet<string> = new Set(page.map(({ id }) => id))
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  expect(page.map(({ sequence }) => sequence)).toEqual(page.map((_, index) => index + 1))
  const hint = hints?.next()
  const announcing = setInterval(() => void commit(storage, sending(`hint ${Math.random()}`)), 100)
  expect((await hint)?.done).toBe(false)
  clearInterval(announcing)
  watching.abort()
  await hints?.return?.()
})

it('says at once when there is no server', async () => {
  await expect(openPostgresStorage({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'not-started',
    message: expect.stringContaining('ECONNREFUSED'),
  })
})

it('commits, claims and reads while users hold all connections for transactions', async () => {
  const { open } = await testSchema()
  const storage = await open({ transactionConnections: 2, statementTimeout: '500ms' })
  await storage.claim([fence(1)])
  const held = [await storage.begin(fence(1), never), await storage.begin(fence(1), never)]
  await Promise.all(held.map(({ sql }) => sql.query`select 1`))

  expect((await commit(storage, sending('m'))).kind).toBe('applied')
  expect(await storage.claim([fence(1)])).toEqual(['claimed'])
  expect(await pendingIds(storage)).toEqual(['m'])
  await expect(storage.begin(fence(1), never)).rejects.toMatchObject({
    outcome: 'not-started',
    message: expect.stringContaining('option transactionConnections'),
  })

  for (const transaction of held) await transaction[Symbol.asyncDispose]()
  await using later = await storage.begin(fence(1), never)
  expect(await later.commit([])).toEqual({ kind: 'applied', sequences: [] })
})

it('gives a connection up on which the server says nothing, and does not know what became of the commit', async () => {
  const { server, open } = await testSchema()
  const { hostname, port } = new URL(server.url)
  await using proxy = await TcpProxy.start({ host: hostname, port: Number(port) })
  const through = new URL(server.url)
  through.port = String(proxy.port)
  const storage = await open({ connectionString: through.href, statementTimeout: '100ms' })
  await storage.claim([fence(1)])

  proxy.silence('in')
  await expect(commit(storage, sending('m'))).rejects.toMatchObject({
    code: 'STORAGE',
    outcome: 'unknown',
    message: expect.stringContaining('has said nothing for'),
  })

  proxy.heal()
  await expect(commit(storage, sending('n'))).resolves.toMatchObject({ kind: 'applied' })
})
