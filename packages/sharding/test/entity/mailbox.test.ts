import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Lane } from '../../src/entity/mailbox.ts'
import { Mailbox } from '../../src/entity/mailbox.ts'

interface Work {
  readonly lane: Lane
  readonly number: number
}

/** What can be done to a mailbox; `which` picks among the candidates of the moment. */
type Step =
  | { readonly do: 'add'; readonly lane: Lane }
  | { readonly do: 'start'; readonly lane: Lane }
  | { readonly do: 'finish' | 'remove' | 'putBack'; readonly which: number }

const lane = fc.constantFrom<Lane>('activity', 'rpc')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), lane }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), lane }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('finish', 'remove', 'putBack'), which: fc.nat() }) },
)
const settings = fc.record({ capacity: fc.integer({ min: 1, max: 8 }), concurrency: fc.integer({ min: 1, max: 4 }) })

/** A mailbox, driven as an entity drives it, beside what it should be like. */
class Model {
  readonly mailbox: Mailbox<Work>
  readonly waiting: Work[] = []
  readonly running: Work[] = []
  readonly violations: string[] = []
  readonly capacity: number
  #added = 0

  constructor(capacity: number, concurrency: number) {
    this.capacity = capacity
    this.mailbox = new Mailbox(capacity, concurrency)
  }

  run(each: Step): void {
    if (each.do === 'add') this.#add(each.lane)
    else if (each.do === 'start') this.#start(each.lane)
    else this.#change(each)
  }

  get size(): number {
    return this.waiting.length + this.running.length
  }

  in(which: Lane): readonly Work[] {
    return this.running.filter((work) => work.lane === which)
  }

  #check(what: string, holds: boolean): void {
    if (!holds) this.violations.push(what)
  }

  #add(which: Lane): void {
    this.#check('it is full at its capacity', this.mailbox.isFull === this.size >= this.capacity)
    if (this.mailbox.isFull) return
    const work = { lane: which, number: (this.#added += 1) }
    this.waiting.push(work)
    this.mailbox.add(work)
  }

  #start(which: Lane): void {
    const work = this.mailbox.start(which)
    if (work === undefined) return
    this.#check('M3 it is the first of its lane', work === this.waiting.find((other) => other.lane === which))
    this.waiting.splice(this.waiting.indexOf(work), 1)
    this.running.push(work)
  }

  #change(each: { readonly do: 'finish' | 'remove' | 'putBack'; readonly which: number }): void {
    const [work] = (each.do === 'remove' ? this.waiting : this.running).splice(
      each.which % Math.max(1, each.do === 'remove' ? this.waiting.length : this.running.length),
      1,
    )
    if (work === undefined) return
    if (each.do === 'remove') this.#check('what waits can be removed', this.mailbox.remove(work))
    else this.mailbox.finished(work)
    if (each.do !== 'putBack') return
    this.waiting.unshift(work)
    this.mailbox.putBack([work])
  }
}

it('M1–M4 holds its limits and its order, whatever is done to it', () => {
  fc.assert(
    fc.property(settings, fc.array(step, { maxLength: 80 }), ({ capacity, concurrency }, steps) => {
      const model = new Model(capacity, concurrency)
      for (const each of steps) {
        model.run(each)

        expect(model.violations).toEqual([])
        expect(model.in('activity').length).toBeLessThanOrEqual(1)
        expect(model.in('rpc').length).toBeLessThanOrEqual(concurrency)
        expect(model.mailbox.size).toBeLessThanOrEqual(capacity)
        expect([model.mailbox.waiting, model.mailbox.running]).toEqual([model.waiting.length, model.running.length])
      }
    }),
  )
})

it('hands out everything that waits when it is cleared, and keeps what runs', () => {
  const mailbox = new Mailbox<Work>(10, 1)
  const works = [1, 2, 3].map((number): Work => ({ lane: 'activity', number }))
  for (const work of works) mailbox.add(work)
  mailbox.start('activity')

  expect(mailbox.clear()).toEqual(works.slice(1))

  expect([mailbox.waiting, mailbox.running]).toEqual([0, 1])
})

it('does not take out what runs', () => {
  const mailbox = new Mailbox<Work>(10, 1)
  const work: Work = { lane: 'rpc', number: 1 }
  mailbox.add(work)
  mailbox.start('rpc')

  expect(mailbox.remove(work)).toBe(false)
})

it('starts again what was put back, in its order, before what came later', () => {
  const mailbox = new Mailbox<Work>(10, 1)
  const [first, second, third] = [1, 2, 3].map((number): Work => ({ lane: 'activity', number }))
  for (const work of [first!, second!, third!]) mailbox.add(work)
  mailbox.start('activity')
  mailbox.finished(first!)
  mailbox.start('activity')
  mailbox.finished(second!)

  mailbox.putBack([first!, second!])

  const order: (number | undefined)[] = []
  for (let work = mailbox.start('activity'); work !== undefined; work = mailbox.start('activity')) {
    order.push(work.number)
    mailbox.finished(work)
  }
  expect(order).toEqual([1, 2, 3])
})
