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
  | { readonly do: 'start' }
  | { readonly do: 'started' }
  | { readonly do: 'end' | 'fail' | 'remove' | 'resume'; readonly which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), sequence: fc.nat({ max: 1000 }) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'start' as const }) },
  { weight: 4, arbitrary: fc.constant({ do: 'started' as const }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('end', 'fail', 'remove', 'resume'), which: fc.nat() }) },
)

/** A queue beside what it should be like. */
class Model {
  readonly queue: EntityQueue<QueuedMessage>
  readonly violations: string[] = []
  readonly #concurrency: number
  readonly #waiting = new Map<number, QueuedMessage>()
  readonly #running = new Map<number, QueuedMessage>()
  readonly #resting = new Map<number, QueuedMessage>()
  #starting: QueuedMessage | undefined

  constructor(concurrency: number) {
    this.#concurrency = concurrency
    this.queue = new EntityQueue(key, concurrency)
  }

  run(each: Step): void {
    if (each.do === 'add') this.#add(each.sequence)
    else if (each.do === 'start') this.#start()
    else if (each.do === 'started') this.#started()
    else if (each.do === 'resume') this.#resume(each.which)
    else if (each.do === 'remove') this.#remove(each.which)
    else this.#finish(each.which, each.do)
    this.#check('it knows whether it is empty', this.queue.isEmpty === (this.#waiting.size + this.#running.size === 0))
  }

  #add(sequence: number): void {
    if (this.#waiting.has(sequence) || this.#running.has(sequence)) return
    const added = message(sequence)
    this.#waiting.set(sequence, added)
    this.queue.add(added)
  }

  #start(): void {
    const first = Math.min(...this.#waiting.keys())
    const mayStart = this.#starting === undefined && this.#running.size < this.#concurrency && !this.#resting.has(first)
    const expected = mayStart ? this.#waiting.get(first) : undefined
    const started = this.queue.start()
    this.#check('Q1, Q2, Q3 the next one starts if one may', started === expected)
    if (started === undefined) return
    this.#waiting.delete(started.sequence)
    this.#running.set(started.sequence, started)
    this.#starting = started
  }

  #started(): void {
    if (this.#starting === undefined) return
    this.queue.started(this.#starting)
    this.#starting = undefined
  }

  #resume(which: number): void {
    const resumed = pick(this.#resting, which)
    if (resumed === undefined) return
    this.#resting.delete(resumed.sequence)
    this.queue.resume(resumed)
  }

  #remove(which: number): void {
    const removed = pick(this.#waiting, which)
    if (removed === undefined) return
    this.#waiting.delete(removed.sequence)
    this.#resting.delete(removed.sequence)
    this.#check('what waits can be removed', this.queue.remove(removed))
  }

  #finish(which: number, how: 'end' | 'fail'): void {
    const ended = pick(this.#running, which)
    if (ended === undefined) return
    this.#running.delete(ended.sequence)
    if (this.#starting === ended) this.#starting = undefined
    if (how === 'end') return this.queue.ended(ended)
    this.#resting.set(ended.sequence, ended)
    this.#waiting.set(ended.sequence, ended)
    this.queue.pause(ended)
  }

  #check(what: string, holds: boolean): void {
    if (!holds) this.violations.push(what)
  }
}

function pick(from: ReadonlyMap<number, QueuedMessage>, which: number): QueuedMessage | undefined {
  return [...from.values()][which % Math.max(1, from.size)]
}

it('Q1–Q3 starts in order, within its concurrency, and nothing behind a message that waits to be repeated', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 80 }), (concurrency, steps) => {
      const model = new Model(concurrency)

      for (const each of steps) model.run(each)

      expect(model.violations).toEqual([])
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
