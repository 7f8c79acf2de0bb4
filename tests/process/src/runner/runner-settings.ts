import type { RunnerOptions } from '@cruster/sharding'
import type { GrpcTransportOptions } from '@cruster/transport-grpc'

/** What a runner in a process of its own is started with: plain data. */
export interface RunnerSettings {
  readonly name: string
  readonly postgresUrl: string
  readonly etcdEndpoint: string
  /** Begins the keys of its cluster in etcd. */
  readonly prefix: string
  readonly leaseTtlMs: number
  readonly config: RunnerOptions
  /** Default: a free port. */
  readonly address?: string
  readonly weight?: number
  readonly transport: Pick<
    GrpcTransportOptions,
    'tls' | 'token' | 'bindHost' | 'keepAliveInterval' | 'keepAliveTimeout' | 'connectTimeout' | 'maxFrameBytes'
  >
}

/** A call that a runner makes for a test. */
export interface CallOrder {
  readonly id: string
  readonly method: string
  readonly input?: unknown
  readonly timeoutMs?: number
  readonly idempotencyKey?: string
}

/** How a runner is. */
export interface RunnerStatus {
  readonly address: string
  /** Of its present life in the cluster. */
  readonly instanceId: string | undefined
  readonly ownedShards: number
  /** What it has measured: counters and gauges by name, those with labels added up. */
  readonly metrics: Readonly<Record<string, number>>
}
