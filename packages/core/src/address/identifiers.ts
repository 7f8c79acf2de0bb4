import type { Brand } from './brand.ts'

/** Where other runners reach a runner: `host:port`. Unique among live runners. */
export type RunnerAddress = Brand<string, 'RunnerAddress'>

/** One life of one runner. A restarted process has a new one, so that it is never taken for its predecessor. */
export type InstanceId = Brand<string, 'InstanceId'>

/** 0 … 1023, held by one live process at a time; part of every snowflake it makes. */
export type MachineId = Brand<number, 'MachineId'>

/**
 * Names one request for ever: a snowflake in decimal, or, for a call with an idempotency key, `k` and a hash of
 * entity, method and key. A retry carries the id of its first attempt; that is what makes it countable once.
 */
export type RequestId = Brand<string, 'RequestId'>

/* oxlint-disable typescript/no-unsafe-type-assertion -- this is how these ids are made */
export const runnerAddress = (text: string): RunnerAddress => text as RunnerAddress
export const instanceId = (text: string): InstanceId => text as InstanceId
export const machineId = (value: number): MachineId => value as MachineId
export const requestId = (text: string): RequestId => text as RequestId
