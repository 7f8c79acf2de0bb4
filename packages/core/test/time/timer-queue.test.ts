import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { QueuedTimer } from '../../src/time/timer-queue.ts'
import { TimerQueue } from '../../src/time/timer-queue.ts'

const noop = (): void => {}

it('gives timers by due time, equal ones as they came, and no removed one', () => {
  const timers = fc.array(fc.record({ due: fc.nat(20), isRemoved: fc.boolean() }))
  fc.assert(
    fc.property(timers, (plan) => {
      const queue = new TimerQueue()
      const added = plan.map(({ due }) => queue.add(due, noop))
      const removed = added.filter((_, index) => plan[index]?.isRemoved)
      for (const timer of removed) queue.remove(timer)

      const taken = takeAll(queue, Infinity)

      const left = added.filter((timer) => !removed.includes(timer))
      expect(taken).toEqual(left.toSorted((a, b) => a.due - b.due || a.order - b.order))
    }),
  )
})

it('gives only what is due', () => {
  const queue = new TimerQueue()
  for (const due of [30, 10, 20]) queue.add(due, noop)

  expect(takeAll(queue, 20).map(({ due }) => due)).toEqual([10, 20])
  expect(queue.nextDue()).toBe(30)
  expect(queue.dueTimes()).toEqual([30])
})

it('ignores the removal of a timer that has left', () => {
  const queue = new TimerQueue()
  const first = queue.add(1, noop)
  queue.add(2, noop)
  queue.takeDue(1)

  queue.remove(first)
  queue.remove(first)

  expect(queue.dueTimes()).toEqual([2])
})

function takeAll(queue: TimerQueue, now: number): QueuedTimer[] {
  const taken: QueuedTimer[] = []
  for (let timer = queue.takeDue(now); timer !== undefined; timer = queue.takeDue(now)) taken.push(timer)
  return taken
}
