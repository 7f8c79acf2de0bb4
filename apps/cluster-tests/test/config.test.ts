import { expect, it } from 'vitest'
import { EnvironmentError, readConfig } from '../src/config.ts'

const cluster = {
  POSTGRES_URL: 'postgres://u:p@h/d',
  ETCD_ENDPOINTS: 'a:2379, http://b:2379',
  RUNNER_ADDRESS: 'h:9000',
}

it('runs in one process when it is told of no servers', () => {
  expect(readConfig({})).toEqual({
    host: '0.0.0.0',
    port: 8080,
    shardsPerGroup: 300,
    runtime: { kind: 'embedded', dataDir: './.cruster' },
  })
})

it('is a node of a cluster on PostgreSQL and etcd', () => {
  expect(readConfig({ ...cluster, GRPC_PORT: '9001', LISTEN_ADDR: '[::1]:80' })).toMatchObject({
    host: '::1',
    port: 80,
    runtime: {
      kind: 'cluster',
      etcdEndpoints: ['http://a:2379', 'http://b:2379'],
      etcdPrefix: '/cluster-tests/',
      address: 'h:9000',
      grpcPort: 9001,
      leaseTtlSeconds: 30,
    },
  })
})

it.each([{ POSTGRES_URL: 'postgres://h/d' }, { ...cluster, LEASE_TTL_SECS: 'soon' }, { LISTEN_ADDR: 'nowhere' }])(
  'refuses %o',
  (env) => {
    expect(() => readConfig(env)).toThrow(EnvironmentError)
  },
)
