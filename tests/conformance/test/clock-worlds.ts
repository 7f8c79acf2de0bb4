import type { Clock } from '@cruster/core/ports'
import { SystemClock } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { ClockWorld } from '@cruster/testing'

/** A virtual clock. `wrap` may put a layer around what the laws see of it. */
export async function virtualClockWorld(wrap: (clock: VirtualClock) => Clock = (clock) => clock): Promise<ClockWorld> {
  const clock = new VirtualClock()
  return {
    clock: wrap(clock),
    advance: (ms) => clock.advance(ms),
    jumpWallClock: (ms) => clock.jumpWallClock(ms),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** The clock of this machine, with a wall clock that can be set. Time passes by itself. */
export async function systemClockWorld(): Promise<ClockWorld> {
  const realNow = Date.now
  let offset = 0
  Date.now = () => realNow() + offset
  return {
    clock: new SystemClock(),
    advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    jumpWallClock: (ms) => (offset += ms),
    async [Symbol.asyncDispose]() {
      Date.now = realNow
    },
  }
}
