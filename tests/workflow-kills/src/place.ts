import type { RunnerOptions } from '@cruster/sharding'

/** Where a runner finds its servers. */
export interface RunnerPlace {
  readonly postgresUrl: string
  readonly etcdEndpoint: string
}

export const prefix = '/cruster-kills/'

/** A killed runner keeps its shards so long. */
export const leaseTtl = '1s'

export const clusterConfig: RunnerOptions = { shardsPerGroup: 32, sweepInterval: '1s' }
