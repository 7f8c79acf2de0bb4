import { EtcdServer, startPostgres } from '@cruster/testing/servers'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { ClusterProcess } from './cluster-process.ts'

/** Far beyond the revisions of a new etcd: what a cluster has after months. */
const oldEpoch = 1_000_000

async function query(url: string, text: string) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<{ count: number }>(text)
    return rows
  } finally {
    await client.end()
  }
}

/** Shards that somebody claimed since. */
async function claimed(url: string): Promise<number> {
  const [row] = await query(url, `select count(*)::int as count from chess.shards where epoch <> ${oldEpoch}`)
  return row?.count ?? 0
}

describe('a cluster whose etcd has lost its data', () => {
  it('lets nobody write until its epochs are set back, and then goes on', { timeout: 120_000 }, async () => {
    await using postgres = await startPostgres()
    const start = (etcd: EtcdServer) =>
      ClusterProcess.startWith({ POSTGRES_URL: postgres.url, ETCD_ENDPOINTS: etcd.endpoint }, '--runners', '2')
    const first = await EtcdServer.start()
    const before = await start(first)
    const { gameId, white, black } = await before.api.game('60+0')
    await before.api.move(gameId, white, 'e2e4', 'first')
    await before.end('SIGTERM')
    await first[Symbol.asyncDispose]()
    await query(postgres.url, `update chess.shards set epoch = ${oldEpoch}`)

    await using second = await EtcdServer.start()
    const refused = await start(second)
    expect(await claimed(postgres.url)).toBe(0)
    await refused.end('SIGTERM')
    // As the guide to deployment says.
    await query(postgres.url, 'update chess.shards set epoch = 0')
    await using after = await start(second)

    expect(await after.api.move(gameId, black, 'e7e5', 'second')).toMatchObject({ status: 200, body: { san: 'e5' } })
    expect((await after.api.get(`/games/${gameId}`)).body['moves']).toHaveLength(2)
    expect(await claimed(postgres.url)).toBeGreaterThan(0)
  })
})
