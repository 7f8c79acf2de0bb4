/** A pending timer. Cancelling one that fired, or twice, does nothing. */
export interface Timer {
  cancel(): void
}

/**
 * The only source of time in the runtime, so that a cluster can run on a virtual clock.
 *
 * Laws, each checked by `clockLaws` in `@cruster/testing`:
 *
 * - CK1 `monotonic` never goes backwards, whatever happens to `now`.
 * - CK2 A timer fires once, never before its delay has passed on the monotonic clock, never synchronously.
 * - CK3 A cancelled timer does not fire.
 * - CK4 Timers fire in the order of their due times; equal ones in the order in which they were set.
 * - CK5 `defer` runs its callbacks in order, after the current synchronous work, before any timer set later.
 */
export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. May jump. For timestamps, never for durations. */
  now(): number
  /** Milliseconds since an arbitrary start. For deadlines and durations. */
  monotonic(): number
  /** Calls back once after at least `delayMs`. Negative delays count as 0. A timer keeps the process alive. */
  setTimer(delayMs: number, callback: () => void): Timer
  /** Calls back as soon as the work that is ready now is done: the moment to send what was batched. */
  defer(callback: () => void): void
}
