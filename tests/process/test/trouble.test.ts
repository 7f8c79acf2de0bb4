import { connect as connectHttp } from 'node:http2'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { TestAuthority } from '../../../packages/discovery-etcd/test/certificates.ts'
import { queryOnce } from '../src/cluster/applied.ts'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { Counter } from '../src/contract.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** How much one payload may have. */
const maxPayloadBytes = 64 * 1024

let cluster: ProcessCluster
let rounds = 0
beforeAll(async () => {
  cluster = await ProcessCluster.start({ runners: ['a', 'b'], config: { maxPayloadBytes } })
})
afterAll(() => cluster[Symbol.asyncDispose]())

/** Every runner still reaches counters on every runner, and they still write. */
async function theRestGoesOn(): Promise<void> {
  rounds += 1
  for (const [index, runner] of cluster.runners.entries()) {
    const ids = Array.from({ length: 6 }, (_, number) => `rest-${rounds}-${index}-${number}`)
    const counts = await Promise.all(
      ids.map((id) => runner.call<number>({ id, method: 'add', input: `${id} goes on`, timeoutMs: 5000 })),
    )
    expect(counts).toEqual(ids.map(() => 1))
  }
  const owned = await Promise.all(cluster.runners.map(async (runner) => (await runner.status()).ownedShards))
  expect(owned.every((count) => count > 0)).toBe(true)
}

it('refuses a runner that would listen where another one does', async () => {
  const { address } = await cluster.runner('a').status()

  await expect(cluster.startRunner('double', { address })).rejects.toThrow(/in use/i)
  await theRestGoesOn()
})

it('refuses a runner with the address of another one, wherever it listens', async () => {
  const { address } = await cluster.runner('a').status()

  const started = cluster.startRunner('double', { address, transport: { bindHost: '127.0.0.2', token: 'x' } })

  await expect(started).rejects.toThrow(new RegExp(`DiscoveryError: Runner \\S+ is live at ${address}`))
  await theRestGoesOn()
})

it('refuses a runner with other settings', async () => {
  await expect(cluster.startRunner('other', { config: { ...cluster.config, shardsPerGroup: 32 } })).rejects.toThrow(
    /ConfigError: This cluster runs with shardsPerGroup = 48/,
  )
  await theRestGoesOn()
})

it('says so to a peer that sends what is no frame, and goes on', async () => {
  const { address } = await cluster.runner('a').status()
  const session = connectHttp(`http://${address}`)
  const call = session.request({
    ':method': 'POST',
    ':path': '/cruster.v1.RunnerService/Connect',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const status = new Promise((resolve) => {
    const look = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) resolve(headers['grpc-status'])
    }
    call.on('trailers', look)
    call.on('response', look)
    call.on('error', () => resolve('cut'))
  })
  const garbage = Buffer.from('ffffffffffffffffffffff00', 'hex')
  const length = Buffer.alloc(5)
  length.writeUInt32BE(garbage.length, 1)
  call.write(Buffer.concat([length, garbage]))

  const ended = await status
  session.destroy()

  expect(ended).not.toBe('0')
  await cluster.until('the runner has logged it', async () =>
    cluster.runner('a').output.includes('A message of a peer is no batch of frames.'),
  )
  await theRestGoesOn()
})

it('refuses what is too large, in both directions, and goes on', async () => {
  const asker = cluster.runner('a')
  const tooLarge = 'x'.repeat(maxPayloadBytes + 1)
  const [here = ''] = await cluster.countersOn(asker, 1, 'large')
  const [there = ''] = await cluster.countersOn(cluster.runner('b'), 1, 'large')

  for (const id of [here, there]) {
    await expect(asker.call({ id, method: 'measure', input: tooLarge })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      outcome: 'not-started',
    })
    await expect(asker.call({ id, method: 'produce', input: tooLarge.length })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    })
    expect(await asker.call({ id, method: 'measure', input: 'small' })).toBe(5)
  }
  await theRestGoesOn()
})

it('fails the calls of an entity whose stored state is garbage, and no others', async () => {
  const { postgresUrl } = cluster
  // The entity is not in memory: nobody has called it.
  await queryOnce(
    postgresUrl,
    `insert into cruster.states (type, entity, version, state) values ('Counter', 'damaged', 1, '\\xc1c1c1')`,
  )

  const read = cluster.runner('a').call({ id: 'damaged', method: 'read' })

  await expect(read).rejects.toMatchObject({ code: 'STATE_UNUSABLE' })
  await theRestGoesOn()
})

it('buries a stored message that is garbage, and delivers those after it', async () => {
  const { postgresUrl } = cluster
  const runner = cluster.runner('a')
  await runner.notify('mailed', 'before')
  await cluster.until('the first message is delivered', async () =>
    (await cluster.applied()).some(({ operation }) => operation === 'before'),
  )
  await cluster.until('it is answered', async () => {
    const rows = await queryOnce(postgresUrl, `select 1 from cruster.replies where entity = 'mailed'`)
    return rows.length > 0
  })
  // As if somebody had written into the table by hand.
  await queryOnce(
    postgresUrl,
    `with next as (update cruster.sequences set last_sequence = last_sequence + 1
       where shard = (select shard from cruster.replies where entity = 'mailed') returning shard, last_sequence)
     insert into cruster.messages (id, shard, sequence, type, entity, method, payload, headers, one_way, retain_ms,
       attempts, stored_at, status)
     select 'no id at all', r.shard, next.last_sequence, r.type, r.entity, 'noteSlowly', '\\xc1c1c1', 'no headers', true,
       60000, 0, r.stored_at, 'pending'
     from cruster.replies r join next on next.shard = r.shard where r.entity = 'mailed'`,
  )
  await runner.notify('mailed', 'after')

  await cluster.until('the message after it is delivered', async () =>
    (await cluster.applied()).some(({ operation }) => operation === 'after'),
  )
  await cluster.until('the damaged message is dead', async () => {
    const [row] = await queryOnce<{ status: string }>(
      postgresUrl,
      `select status from cruster.messages where id = 'no id at all'`,
    )
    return row?.status === 'dead'
  })
  await theRestGoesOn()
})

it('lets nobody in without the right certificate, and says why', async () => {
  await using ours = await TestAuthority.create()
  await using foreign = await TestAuthority.create()
  const tls = { ...(await ours.read()), verifyClients: true }
  await using safe = await ProcessCluster.start({ runners: ['a', 'b'], transport: { tls } })

  // A runner of another authority joins, and nobody can call what it owns; it takes no shards here.
  const stranger = await safe.startRunner('stranger', { weight: 0, transport: { tls: await foreign.read() } })
  const refused = stranger.call({ id: 'x', method: 'add', input: 'by a stranger', timeoutMs: 1500 })

  await expect(refused).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-started' })
  expect(stranger.output).toMatch(/A peer could not be reached.*certificate/s)
  expect(await (await safe.connect()).client(Counter).get('x').add('by a friend')).toBe(1)
})
