import type { TestCluster, TestClusterOptions } from '@cruster/testing'

/** Where the suite runs: a cluster on a storage, whose time is virtual or real. */
export interface World {
  readonly name: string
  readonly isVirtual: boolean
  /** So many units of time, in milliseconds: minutes where time is virtual, moments where it is real. */
  time(units: number): number
  /** A cluster for one test, which leaves nothing behind. Default: two runners. */
  start(options: TestClusterOptions): Promise<Scene>
}

/** A cluster in the hands of a test. */
export interface Scene {
  readonly cluster: TestCluster
  /** Of PostgreSQL: its server, and the schema of this test. */
  readonly url?: string
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  /** The outcome of some work, for which time passes as long as it needs. */
  settled<T>(work: Promise<T>): Promise<T>
  /** The error that some work fails with. */
  failure(work: Promise<unknown>): Promise<Error>
}
