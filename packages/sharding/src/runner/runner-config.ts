import type { Duration } from '@cruster/core'
import { ConfigError, parseDuration } from '@cruster/core'

/** Everything about a runner that can be tuned. Each has a default that suits most. */
export interface RunnerOptions {
  /** Shards per group. Must be equal on all members: with another number ids live elsewhere. Default 300. */
  readonly shardsPerGroup?: number
  /** Deadline of calls that name none. Default 30 s. */
  readonly callTimeout?: Duration
  /** How long an entity stays in memory without work. Default 60 s. */
  readonly maxIdleTime?: Duration
  /** Calls that may wait or run at once per entity. More is answered with MailboxFull. Default 1000. */
  readonly mailboxCapacity?: number
  /** Streams that may be open at once per entity. More is answered with MailboxFull. Default 10 000. */
  readonly streamCapacity?: number
  /** Entities in memory; beyond it the longest idle ones are evicted early. Default 100 000. */
  readonly maxResidentEntities?: number
  /** Activations that may load state at once: a herd after a restart is let in by portions. Default 128. */
  readonly maxActivations?: number
  /** How long running handlers may finish when their shard or their runner goes. Default 15 s. */
  readonly terminationTimeout?: Duration
  /** How long a handler may go on after nobody waits for it any more, before its entity moves on. Default 1 s. */
  readonly abandonAfter?: Duration
  /** Deliveries of a stored message before it is dead-lettered. Default 10. */
  readonly maxAttempts?: number
  /** First pause after a failed delivery or a crash; each next is 1.5 times longer. Default 500 ms. */
  readonly initialBackoff?: Duration
  /** Longest such pause. Default 10 s. */
  readonly maxBackoff?: Duration
  /** How long the outcome of a plain call is kept for its own retries. Default 10 minutes. */
  readonly replyRetention?: Duration
  /** How long the outcome of a call with an idempotency key is kept, and stored messages with theirs. Default 24 h. */
  readonly idempotencyRetention?: Duration
  /** Keeps stored messages that are answered as long as their replies, so that people can list them. It costs writes. Default false. */
  readonly keepAnswered?: boolean
  /** How long a stream whose reader lost its connection waits for it. Default 10 s. */
  readonly streamResumeWithin?: Duration
  /** Mean pause of the safety net that looks for stored messages which no push announced. Default 5 s. */
  readonly sweepInterval?: Duration
  /** How far ahead scheduled messages are held in memory. Default 60 s. */
  readonly scheduleHorizon?: Duration
  /** Largest encoded input or output. Default 4 MiB. */
  readonly maxPayloadBytes?: number
  /** How long the runner's own work may make no progress before `health()` says that it is stuck. Default 60 s. */
  readonly stuckAfter?: Duration
  /** How long a due stored message may wait to be begun before the runner counts as not ready. Default 5 minutes. */
  readonly maxDueAge?: Duration
}

/** {@link RunnerOptions} with every default filled in, in milliseconds. */
export interface RunnerConfig {
  readonly shardsPerGroup: number
  readonly callTimeoutMs: number
  readonly maxIdleMs: number
  readonly mailboxCapacity: number
  readonly streamCapacity: number
  readonly maxResidentEntities: number
  readonly maxActivations: number
  readonly terminationTimeoutMs: number
  readonly abandonAfterMs: number
  readonly maxAttempts: number
  readonly initialBackoffMs: number
  readonly maxBackoffMs: number
  readonly replyRetentionMs: number
  readonly idempotencyRetentionMs: number
  readonly keepAnswered: boolean
  readonly streamResumeWithinMs: number
  readonly sweepIntervalMs: number
  readonly scheduleHorizonMs: number
  readonly maxPayloadBytes: number
  readonly stuckAfterMs: number
  readonly maxDueAgeMs: number
}

/** @throws ConfigError that names the first option that cannot work. */
export function runnerConfig(options: RunnerOptions = {}): RunnerConfig {
  const whole = wholeNumbers(options)
  const ms = durations(options)
  return {
    shardsPerGroup: whole('shardsPerGroup', 300, { min: 1, max: 65_536 }),
    callTimeoutMs: ms('callTimeout', '30s'),
    maxIdleMs: ms('maxIdleTime', '60s'),
    mailboxCapacity: whole('mailboxCapacity', 1000),
    streamCapacity: whole('streamCapacity', 10_000),
    maxResidentEntities: whole('maxResidentEntities', 100_000),
    maxActivations: whole('maxActivations', 128),
    terminationTimeoutMs: ms('terminationTimeout', '15s'),
    abandonAfterMs: ms('abandonAfter', '1s'),
    maxAttempts: whole('maxAttempts', 10),
    initialBackoffMs: ms('initialBackoff', '500ms'),
    maxBackoffMs: ms('maxBackoff', '10s'),
    replyRetentionMs: ms('replyRetention', '10 minutes'),
    idempotencyRetentionMs: ms('idempotencyRetention', '24 hours'),
    keepAnswered: trueOrFalse('keepAnswered', options.keepAnswered ?? false),
    streamResumeWithinMs: ms('streamResumeWithin', '10s'),
    sweepIntervalMs: ms('sweepInterval', '5s'),
    scheduleHorizonMs: ms('scheduleHorizon', '60s'),
    maxPayloadBytes: whole('maxPayloadBytes', 4 * 1024 * 1024, { min: 1024 }),
    stuckAfterMs: ms('stuckAfter', '60s'),
    maxDueAgeMs: ms('maxDueAge', '5 minutes'),
  }
}

type NumberOption = {
  [Key in keyof RunnerOptions]-?: RunnerOptions[Key] extends number | undefined ? Key : never
}[keyof RunnerOptions]
type DurationOption = Exclude<keyof RunnerOptions, NumberOption | 'keepAnswered'>

interface Bounds {
  readonly min?: number
  readonly max?: number
}

function wholeNumbers(options: RunnerOptions) {
  return (name: NumberOption, byDefault: number, { min = 1, max = Number.MAX_SAFE_INTEGER }: Bounds = {}): number => {
    const value = options[name] ?? byDefault
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new ConfigError(`${name} must be a whole number from ${min} to ${max}; it is ${value}.`)
    }
    return value
  }
}

function trueOrFalse(name: keyof RunnerOptions, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new ConfigError(`${name} must be true or false; it is ${String(value)}.`)
  return value
}

function durations(options: RunnerOptions) {
  return (name: DurationOption, byDefault: Duration): number => {
    const value = parseDuration(options[name] ?? byDefault, name)
    if (value <= 0) throw new ConfigError(`${name} must be longer than nothing.`)
    return value
  }
}
