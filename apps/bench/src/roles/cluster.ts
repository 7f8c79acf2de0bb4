import { etcdDiscovery } from '@cruster/discovery-etcd'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'

/** Where the members of a cluster meet. */
export interface ClusterPlace {
  readonly etcdUrl: string
  readonly postgresUrl: string
  /** Begins its keys in etcd, and names its tables. Default: `bench` and `cruster`. */
  readonly name?: string
}

/** How long a runner that was killed keeps its shards. */
export const leaseTtlSeconds = 3

/** How the runners and clients of a benchmark reach each other. */
export function surroundings({ etcdUrl, name = 'bench' }: Pick<ClusterPlace, 'etcdUrl' | 'name'>) {
  return {
    discovery: etcdDiscovery({ endpoints: [etcdUrl], prefix: `/cruster-${name}/`, leaseTtl: `${leaseTtlSeconds}s` }),
    transport: grpcTransport(),
  }
}

export function clusterStorage({
  postgresUrl,
  name = 'cruster',
}: Omit<ClusterPlace, 'etcdUrl'>): ReturnType<typeof postgresStorage> {
  return postgresStorage({ connectionString: postgresUrl, schema: name })
}
