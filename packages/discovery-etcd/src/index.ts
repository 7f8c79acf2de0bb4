export { EtcdDiscovery } from './etcd-discovery.ts'
export type { EtcdCredentials, EtcdDiscoveryOptions, EtcdTls } from './etcd-discovery-options.ts'
export { etcdDiscovery, openEtcdDiscovery } from './open-etcd-discovery.ts'
