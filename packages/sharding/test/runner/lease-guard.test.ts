import { machineId } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { Membership } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { LeaseGuard } from '../../src/runner/lease-guard.ts'

/** A lease whose deadline and loss are in the test's hands. */
function leaseUntil(deadline: number): {
  deadline: number
  readonly lost: AbortController
  readonly membership: Membership
} {
  const lost = new AbortController()
  const lease = {
    deadline,
    lost,
    membership: {
      machineId: machineId(1),
      lost: lost.signal,
      leaseDeadline: () => lease.deadline,
      update: async () => {},
      acquire: async () => [],
      release: async () => {},
      [Symbol.asyncDispose]: async () => {},
    },
  }
  return lease
}

it('is certain until shortly before the lease ends, and says so once', async () => {
  const clock = new VirtualClock()
  const lease = leaseUntil(10_000)
  let expired = 0
  using guard = new LeaseGuard(clock, lease.membership, () => (expired += 1))

  await clock.advance(9_799)
  expect([guard.isCertain, expired]).toEqual([true, 0])
  await clock.advance(1)
  expect([guard.isCertain, expired]).toEqual([false, 1])
  lease.lost.abort()
  await clock.advance(10_000)

  expect(expired).toBe(1)
  expect(clock.pendingTimers()).toEqual([])
})

it('goes on as long as the lease is renewed', async () => {
  const clock = new VirtualClock()
  const lease = leaseUntil(10_000)
  let expired = 0
  using guard = new LeaseGuard(clock, lease.membership, () => (expired += 1))

  for (let round = 0; round < 10; round += 1) {
    await clock.advance(5000)
    lease.deadline = clock.monotonic() + 10_000
  }

  expect([guard.isCertain, expired]).toEqual([true, 0])
})

it('ends at once when the lease is known to be lost', () => {
  const lease = leaseUntil(10_000)
  let expired = 0
  using guard = new LeaseGuard(new VirtualClock(), lease.membership, () => (expired += 1))

  lease.lost.abort()

  expect([guard.isCertain, expired]).toEqual([false, 1])
})

it('sets no timer for a lease without an end', () => {
  const clock = new VirtualClock()
  using guard = new LeaseGuard(clock, leaseUntil(Infinity).membership, () => {})

  expect(guard.isCertain).toBe(true)
  expect(clock.pendingTimers()).toEqual([])
})

it('says nothing once it is disposed', async () => {
  const clock = new VirtualClock()
  const lease = leaseUntil(10_000)
  let expired = 0
  const guard = new LeaseGuard(clock, lease.membership, () => (expired += 1))

  guard[Symbol.dispose]()
  lease.lost.abort()
  await clock.advance(20_000)

  expect(expired).toBe(0)
  expect(guard.isCertain).toBe(false)
})
