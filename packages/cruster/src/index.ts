export { SingleRunner } from './single-runner.ts'
export type { SingleRunnerOptions } from './single-runner.ts'
export { ClusterClient, Runner } from '@cruster/sharding'
