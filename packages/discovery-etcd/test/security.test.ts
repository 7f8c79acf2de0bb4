import type { Discovery } from '@cruster/core/ports'
import { openEtcdDiscovery } from '@cruster/discovery-etcd'
import { EtcdServer, testPrefix } from '@cruster/testing/servers'
import { Etcd3 } from 'etcd3'
import { describe, expect, it } from 'vitest'
import { TestAuthority } from './certificates.ts'
import { runner, shards } from './etcd-fixture.ts'

describe('a way to etcd', { timeout: 30_000 }, () => {
  it('can be encrypted, with certificates on both sides', async () => {
    await using authority = await TestAuthority.create()
    await using server = await EtcdServer.start({ tls: authority.files })
    const tls = await authority.read()
    await using discovery = await openEtcdDiscovery({ endpoints: [server.endpoint], prefix: testPrefix(), tls })

    const membership = await discovery.join(runner('a'))

    expect(await membership.acquire(shards(1))).toMatchObject([{ kind: 'acquired' }])
  })

  it('is refused to one without a certificate', async () => {
    await using authority = await TestAuthority.create()
    await using server = await EtcdServer.start({ tls: authority.files })
    const { ca } = await authority.read()

    const opening = openEtcdDiscovery({ endpoints: [server.endpoint], tls: { ca }, callTimeout: '1s' })

    await expect(opening).rejects.toMatchObject({
      code: 'DISCOVERY',
      message: expect.stringContaining('while connecting'),
    })
  })

  it('can need a user, who may do what is granted and nothing else', async () => {
    await using server = await EtcdServer.start()
    const prefix = testPrefix()
    await requirePassword(server.endpoint, prefix)
    const options = { endpoints: [server.endpoint], prefix, credentials: { username: 'app', password: 'secret' } }
    await using discovery = await openEtcdDiscovery(options)

    const membership = await discovery.join(runner('a'))
    const first = await firstBatch(discovery)

    expect(await membership.acquire(shards(200))).toHaveLength(200)
    expect(first).toMatchObject([{ kind: 'snapshot', runners: [{ address: 'a:9000' }] }])
    const password = { ...options, credentials: { username: 'app', password: 'wrong' } }
    await expect(openEtcdDiscovery(password)).rejects.toMatchObject({
      outcome: 'not-started',
      message: expect.stringContaining('Check the user name and password among the credentials.'),
    })
    await expect(openEtcdDiscovery({ ...options, prefix: '/other/' })).rejects.toMatchObject({
      outcome: 'not-started',
      message: expect.stringContaining('Let the user of the credentials read and write the keys under the prefix.'),
    })
  })

  it('goes on after a restart of etcd, which forgets who has logged in', async () => {
    await using server = await EtcdServer.start()
    const prefix = testPrefix()
    await requirePassword(server.endpoint, prefix)
    const credentials = { username: 'app', password: 'secret' }
    await using discovery = await openEtcdDiscovery({ endpoints: [server.endpoint], prefix, credentials })
    const membership = await discovery.join(runner('a'))

    await server.kill()
    await server.restart()

    expect(await membership.acquire(shards(3))).toMatchObject([{ kind: 'acquired' }, {}, {}])
  })

  it('that leads nowhere is an error that says so', async () => {
    const opening = openEtcdDiscovery({ endpoints: ['http://127.0.0.1:1'], callTimeout: '300ms' })

    await expect(opening).rejects.toMatchObject({
      code: 'DISCOVERY',
      outcome: 'unknown',
      message: expect.stringMatching(
        /^etcd failed while connecting: .*ECONNREFUSED.* Check that etcd runs and can be reached at the endpoints/u,
      ),
    })
  })
})

/** Switches authentication on: `app` may read and write what is under the prefix. */
async function requirePassword(endpoint: string, prefix: string): Promise<void> {
  const raw = new Etcd3({ hosts: endpoint })
  const [root, app] = [raw.role('root'), raw.role('app')]
  await Promise.all([root.create(), app.create()])
  await app.grant({ permission: 'Readwrite', range: raw.range({ prefix }) })
  await raw.user('root').create('secret')
  await raw.user('root').addRole('root')
  await raw.user('app').create('secret')
  await raw.user('app').addRole('app')
  await raw.auth.authEnable()
  raw.close()
}

async function firstBatch(discovery: Discovery): Promise<unknown> {
  const batches = discovery.watch(new AbortController().signal)[Symbol.asyncIterator]()
  const { value } = await batches.next()
  await batches.return?.()
  return value
}
