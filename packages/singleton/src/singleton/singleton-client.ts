import type { Method, PlainTypes } from '@cruster/core'
import { rpc } from '@cruster/core'
import type { ClientHost } from '@cruster/core'
import type { HiddenEntity } from '@cruster/sharding/extension'
import { hiddenEntity } from '@cruster/sharding/extension'
import type { RecordedFailure } from './singleton-record.ts'

/**
 * What a singleton is about: `starting`, `running`, `resting` between two runs, `stopping` because its shard moves, `done` for ever
 * (a job), or `absent`: the owner of its shard does not run it at this moment.
 */
export type SingletonPhase = 'absent' | 'starting' | 'running' | 'resting' | 'stopping' | 'done'

/** How a singleton is doing, as it crosses the wire. Times in milliseconds since 1970. */
export interface SingletonReport {
  readonly phase: SingletonPhase
  readonly runner: string | undefined
  readonly epoch: number | undefined
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  readonly nextStartAt: number | undefined
  readonly doneAt: number | undefined
  readonly runs: number
  readonly failures: number
  readonly failuresInARow: number
  readonly lastFailure: RecordedFailure | undefined
}

/** How a singleton is doing. */
export interface SingletonStatus {
  readonly phase: SingletonPhase
  /** Address of the runner that has begun the last run; it runs there if `phase` says so. */
  readonly runner: string | undefined
  /** Ownership of the last run. */
  readonly epoch: number | undefined
  /** When the last run began: since when it runs, if it does. */
  readonly since: Date | undefined
  /** When the last run that came to an end did. Runs that a crash has ended leave no time. */
  readonly endedAt: Date | undefined
  /** While it rests: when the next run begins. */
  readonly nextStartAt: Date | undefined
  /** Of a job that is done: since when. */
  readonly doneAt: Date | undefined
  /** How often a run has begun, on any runner. All but the first were restarts. */
  readonly runs: number
  /** How often a run has thrown. */
  readonly failures: number
  /** How often in a row at this owner; 0 after a normal end. */
  readonly failuresInARow: number
  readonly lastError: { readonly name: string; readonly message: string; readonly at: Date } | undefined
}

/** Looks at a singleton from anywhere. */
export interface SingletonClient {
  /** How it is doing, as the owner of its shard says. */
  status(): Promise<SingletonStatus>
}

/** The entity at which a singleton is asked. */
export type SingletonEntity = HiddenEntity<{
  readonly report: Method<'rpc', PlainTypes<void, SingletonReport>, 'public'>
}>

export function singletonEntity(name: string, shardGroup: string): SingletonEntity {
  return hiddenEntity(`Singleton/${name}`, { methods: { report: rpc<void, SingletonReport>() }, shardGroup })
}

export function singletonClient(host: ClientHost, entity: SingletonEntity, name: string): SingletonClient {
  return { status: async () => statusOf(await host.client(entity).get(name).report()) }
}

function statusOf(report: SingletonReport): SingletonStatus {
  const { startedAt, endedAt, nextStartAt, doneAt, lastFailure, ...same } = report
  return {
    ...same,
    since: dateOf(startedAt),
    endedAt: dateOf(endedAt),
    nextStartAt: dateOf(nextStartAt),
    doneAt: dateOf(doneAt),
    lastError: lastFailure && { name: lastFailure.name, message: lastFailure.message, at: new Date(lastFailure.at) },
  }
}

const dateOf = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time))
