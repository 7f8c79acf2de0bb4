import type { Brand } from './brand.ts'

/** Where other runners reach a runner: `host:port`. Unique among live runners. */
export type RunnerAddress = Brand<string, 'RunnerAddress'>

/** One life of one runner. A restarted process has a new one, so that it is never taken for its predecessor. */
export type InstanceId = Brand<string, 'InstanceId'>

/** A number from 0 to 1023, held by one live process at a time; part of every snowflake it makes. */
export type MachineId = Brand<number, 'MachineId'>

/**
 * Names one request for ever: a snowflake in decimal, or, for a call with an idempotency key, `k` and a hash of
 * entity, method and key. A retry carries the id of its first attempt; that is what makes it countable once.
 */
export type RequestId = Brand<string, 'RequestId'>

/* oxlint-disable typescript/no-unsafe-type-assertion -- this is how these ids are made */
/** Takes a text for the address of a runner, unchecked. */
export const runnerAddress = (text: string): RunnerAddress => text as RunnerAddress
/** Takes a text for the id of a runner's life, unchecked. */
export const instanceId = (text: string): InstanceId => text as InstanceId
/** Takes a number for a machine id, unchecked. */
export const machineId = (value: number): MachineId => value as MachineId
/** Takes a text for the id of a request, unchecked. */
export const requestId = (text: string): RequestId => text as RequestId
