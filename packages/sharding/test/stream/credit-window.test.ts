import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CreditWindow } from '../../src/stream/credit-window.ts'

const one = (value: number): Uint8Array => Uint8Array.of(value)

const noLimits = { values: Infinity, bytes: Infinity }

function filledWindow(first: number, count: number): CreditWindow {
  const window = new CreditWindow(first)
  window.grant(first, count)
  for (let value = first; value < first + count; value += 1) window.push(one(value))
  return window
}

/** A window, and what a reader has of it. */
class LossyStream {
  readonly window = new CreditWindow(0)
  readonly arrived: number[] = []
  readonly problems: string[] = []
  limit = 0

  /** The reader acknowledges some share of what has arrived since it last did. */
  grant(share: number, credit: number): void {
    const received = this.window.acked + Math.round(share * (this.arrived.length - this.window.acked))
    this.window.grant(received, credit)
    this.limit = Math.max(this.limit, received + credit)
  }

  push(): void {
    if (this.window.room > 0) this.window.push(one(this.window.end))
  }

  send(): void {
    const chunk = this.window.nextChunk({ values: 3, bytes: 100 })
    if (chunk !== undefined && chunk.sequence !== this.arrived.length) this.problems.push(`${chunk.sequence} came`)
    this.arrived.push(...(chunk?.values ?? []).map((value) => value[0]!))
  }

  loseAndResume(): void {
    this.window.nextChunk({ values: 5, bytes: 100 })
    if (this.window.resumeFrom(this.arrived.length) === 'lost') this.problems.push(`${this.arrived.length} is lost`)
  }
}

describe('CreditWindow', () => {
  it('has no room before anything is granted', () => {
    expect(new CreditWindow(0).room).toBe(0)
  })

  it('has as much room as was granted after what has arrived', () => {
    const window = filledWindow(0, 3)

    window.nextChunk(noLimits)
    window.grant(2, 5)

    expect(window.room).toBe(4)
    expect(window.acked).toBe(2)
  })

  it('takes nothing back when a grant arrives late', () => {
    const window = new CreditWindow(0)

    window.grant(0, 10)
    window.grant(0, 2)

    expect(window.room).toBe(10)
  })

  it('does not believe that a value arrived which was never sent', () => {
    const window = filledWindow(0, 3)

    window.grant(3, 0)

    expect(window.nextChunk(noLimits)).toEqual({ sequence: 0, values: [one(0), one(1), one(2)] })
  })

  it('numbers its values from where a former owner stopped', () => {
    expect(filledWindow(7, 2).nextChunk(noLimits)).toEqual({ sequence: 7, values: [one(7), one(8)] })
  })

  it('puts no more values into a chunk than fit', () => {
    const window = filledWindow(0, 5)

    expect(window.nextChunk({ values: 2, bytes: Infinity })?.values).toHaveLength(2)
    expect(window.nextChunk({ values: 9, bytes: 2 })?.values).toHaveLength(2)
    expect(window.nextChunk(noLimits)?.sequence).toBe(4)
    expect(window.nextChunk(noLimits)).toBeUndefined()
  })

  it('sends a value that is larger than a chunk alone', () => {
    const window = new CreditWindow(0)
    window.grant(0, 2)
    window.push(new Uint8Array(10))
    window.push(one(1))

    expect(window.nextChunk({ values: 9, bytes: 4 })?.values).toEqual([new Uint8Array(10)])
    expect(window.nextChunk({ values: 9, bytes: 4 })?.values).toEqual([one(1)])
  })

  it('sends again what the reader does not have', () => {
    const window = filledWindow(0, 4)
    window.nextChunk(noLimits)

    expect(window.resumeFrom(2)).toBe('resumed')

    expect(window.nextChunk(noLimits)).toEqual({ sequence: 2, values: [one(2), one(3)] })
  })

  it('says lost when the reader asks for values it has acknowledged before', () => {
    const window = filledWindow(0, 4)
    window.nextChunk(noLimits)
    window.grant(3, 4)

    expect(window.resumeFrom(1)).toBe('lost')
  })

  it('says lost when the reader claims values that do not exist', () => {
    expect(filledWindow(0, 4).resumeFrom(5)).toBe('lost')
  })

  it('keeps no more than was granted and yields every value once in order, whatever happens', () => {
    const step = fc.record({
      kind: fc.constantFrom('grant', 'push', 'send', 'loseAndResume'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      credit: fc.nat(8),
    })

    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const stream = new LossyStream()
        for (const { kind, share, credit } of steps) {
          stream[kind](share, credit)
          expect(stream.window.end).toBeLessThanOrEqual(stream.limit)
        }

        expect(stream.problems).toEqual([])
        expect(stream.arrived).toEqual(stream.arrived.map((_, index) => index % 256))
      }),
    )
  })
})
