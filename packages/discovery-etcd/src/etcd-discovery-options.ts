import type { Duration } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'

/** What an encrypted connection needs; each as PEM. */
export interface EtcdTls {
  /** Certificate of the authority that signed those of etcd. */
  readonly ca: string | Uint8Array
  /** Own certificate and its private key, for an etcd that asks for them. Give both or neither. */
  readonly cert?: string | Uint8Array
  readonly key?: string | Uint8Array
}

/** A user of etcd. It needs to read and write the keys under the prefix. */
export interface EtcdCredentials {
  readonly username: string
  readonly password: string
}

/** How to reach the etcd that keeps a cluster together. */
export interface EtcdDiscoveryOptions {
  /** Client addresses of the members, such as `http://10.0.0.9:2379`. Name all of them: a call goes to any that answers. */
  readonly endpoints: readonly string[]
  /** Begins every key. Clusters that share an etcd need different ones. Default `/cruster/`. */
  readonly prefix?: string
  /**
   * How long a runner that is silent still counts as live, in whole seconds; others take its shards afterwards.
   * Default 10 s. Shorter finds crashes sooner; too short, and a pause of etcd or of the process costs a runner its place.
   * etcd may grant more: with its default timings, never less than 2 s.
   */
  readonly leaseTtl?: Duration
  /** How long a call may take, with its repetitions. Default 5 s. */
  readonly callTimeout?: Duration
  /** Default: what the endpoints say; `https:` alone trusts the authorities of the system. */
  readonly tls?: EtcdTls
  /** Default: nobody, for an etcd without authentication. */
  readonly credentials?: EtcdCredentials
  /** Decides deadlines of leases. Must be the one of the runner. Default: the system's clock. */
  readonly clock?: Clock
  /** Hears of outages, lost leases and predecessors that are waited for. Default: nobody. */
  readonly logger?: Logger
}
