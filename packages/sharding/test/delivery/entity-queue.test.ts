import type { EntityKey } from '@cruster/core'
import { entityKey, requestId } from '@cruster/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { QueuedMessage } from '../../src/delivery/entity-queue.ts'
import { EntityQueue } from '../../src/delivery/entity-queue.ts'

const key: EntityKey = entityKey({ type: 'Inbox', id: 'a' })
const message = (sequence: number): QueuedMessage => ({ id: requestId(`${sequence}`), sequence })

type Step =
  | { readonly do: 'add'; readonly sequence: number }
  | { readonly do: 'start' | 'resume' }
  | { readonly do: 'end' | 'fail' | 'remove'; readonly which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), sequence: fc.nat({ max: 1000 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('start', 'start', 'start', 'resume') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('end', 'fail', 'remove'), which: fc.nat() }) },
)

it('Q1–Q3 starts in order, within its concurrency, and nothing behind a message that waits to be repeated', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 80 }), (concurrency, steps) => {
      const queue = new EntityQueue<QueuedMessage>(key, concurrency)
      const waiting = new Map<number, QueuedMessage>()
      let running: QueuedMessage[] = []
      let isPaused = false
      for (const each of steps) {
        if (
          each.do === 'add' &&
          !waiting.has(each.sequence) &&
          !running.some((one) => one.sequence === each.sequence)
        ) {
          const added = message(each.sequence)
          waiting.set(each.sequence, added)
          queue.add(added)
        }
        if (each.do === 'resume') {
          isPaused = false
          queue.resume()
        }
        if (each.do === 'start') {
          const started = queue.start()
          const mayStart = !isPaused && running.length < concurrency && waiting.size > 0
          expect(started?.sequence).toBe(mayStart ? Math.min(...waiting.keys()) : undefined)
          if (started === undefined) continue
          waiting.delete(started.sequence)
          running.push(started)
        }
        if ((each.do === 'end' || each.do === 'fail') && running.length > 0) {
          const ended = running[each.which % running.length]!
          running = running.filter((one) => one !== ended)
          if (each.do === 'end') queue.ended(ended)
          else {
            isPaused = true
            waiting.set(ended.sequence, ended)
            queue.pause(ended)
          }
        }
        if (each.do === 'remove' && waiting.size > 0) {
          const removed = [...waiting.values()][each.which % waiting.size]!
          waiting.delete(removed.sequence)
          expect(queue.remove(removed)).toBe(true)
        }
        expect(queue.isEmpty).toBe(waiting.size + running.length === 0)
      }
    }),
  )
})

it('does not take out what runs', () => {
  const queue = new EntityQueue<QueuedMessage>(key, 1)
  const only = message(1)
  queue.add(only)
  queue.start()

  expect(queue.remove(only)).toBe(false)
})
