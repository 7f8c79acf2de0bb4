export type { EtcdServerOptions } from './servers/etcd-server.ts'
export { EtcdServer } from './servers/etcd-server.ts'
export type { TestEtcd } from './servers/test-etcd.ts'
export { provideEtcd, testPrefix } from './servers/test-etcd.ts'
