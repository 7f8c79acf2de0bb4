import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

const servers = { POSTGRES_URL: 'postgres://db/app', ETCD_ENDPOINTS: 'http://one:2379,http://two:2379' }

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      name: 'single',
      retentionDays: 30,
      runtime: { kind: 'embedded', dataDir: './.cruster' },
    })
    expect(readConfig({ PORT: '', HOST: '' })).toEqual(readConfig({}))
  })

  it('is taken at its word', () => {
    const env = {
      PORT: '8080',
      HOST: '0.0.0.0',
      RUNNER_NAME: 'chess-1',
      GAME_RETENTION_DAYS: '7',
      CRUSTER_DATA_DIR: '/var/chess',
    }

    expect(readConfig(env)).toEqual({
      host: '0.0.0.0',
      port: 8080,
      name: 'chess-1',
      retentionDays: 7,
      runtime: { kind: 'embedded', dataDir: '/var/chess' },
    })
  })

  it('makes a node of a cluster with the servers of one', () => {
    const env = { ...servers, RUNNER_ADDRESS: '10.0.0.1:9000', LEASE_TTL: '4s', CLUSTER_TOKEN: '0123456789abcdef' }

    expect(readConfig(env)).toMatchObject({
      name: '10.0.0.1:9000',
      runtime: {
        kind: 'cluster',
        postgresUrl: 'postgres://db/app',
        etcdEndpoints: ['http://one:2379', 'http://two:2379'],
        address: '10.0.0.1:9000',
        leaseTtlMs: 4000,
        token: '0123456789abcdef',
      },
    })
  })

  it.each(['http', '-1', '65536', '3000.5', '0x10'])('refuses PORT=%s and says what a port is', (port) => {
    expect(() => readConfig({ PORT: port })).toThrow(`PORT must be a port number from 0 to 65535; it is "${port}".`)
  })

  it.each(['POSTGRES_URL', 'ETCD_ENDPOINTS'] as const)('does not take %s alone', (name) => {
    expect(() => readConfig({ [name]: servers[name] })).toThrow('POSTGRES_URL and ETCD_ENDPOINTS')
  })

  it('keeps secrets out of what it says', () => {
    const env = { ...servers, POSTGRES_URL: 'mysql://me:secret@db/app', CLUSTER_TOKEN: 'short-secret' }

    expect(() => readConfig(env)).toThrow(/POSTGRES_URL must be like .*CLUSTER_TOKEN must have at least 16/)
    expect(() => readConfig(env)).toThrow(/^(?!.*secret).*$/)
  })
})
