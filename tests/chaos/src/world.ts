import type { EtcdServer, StartedPostgres } from '@cruster/testing/servers'
import type { BankClient } from './client/bank-client.ts'
import type { BankRunner } from './runner/bank-runner.ts'

/** Everything that a fault can hit. */
export interface World {
  readonly runners: readonly BankRunner[]
  readonly clients: readonly BankClient[]
  readonly etcd: EtcdServer
  readonly postgres: StartedPostgres
}
