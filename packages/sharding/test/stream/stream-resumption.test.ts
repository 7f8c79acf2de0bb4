import { VirtualClock } from '@cruster/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamReader } from '../../src/stream/stream-reader.ts'
import { StreamSource } from '../../src/stream/stream-source.ts'
import { ShakyLine } from './shaky-line.ts'

const one = (value: number): Uint8Array => Uint8Array.of(value)

/** A stream of the numbers from 0, and a count of how many were made and consumed. */
class Scene {
  readonly clock = new VirtualClock()
  readonly line: ShakyLine
  readonly reader: StreamReader<number>
  readonly consumed: number[] = []
  readonly #source: StreamSource
  made = 0
  handedOut = 0
  mostInMemory = 0
  hasEnded = false
  #pending = false

  constructor(count: number, credit: number) {
    const make = async function* (this: Scene): AsyncIterable<Uint8Array> {
      for (let value = 0; value < count; value += 1) {
        this.made += 1
        this.mostInMemory = Math.max(this.mostInMemory, this.made - this.handedOut)
        yield one(value)
      }
    }
    this.#source = new StreamSource({
      values: make.call(this),
      clock: this.clock,
      resumeWithinMs: 1_000_000,
      firstSequence: 0,
      success: one(1),
      failure: () => one(0),
      onEnd: () => undefined,
    })
    this.line = new ShakyLine(() => this.#source)
    this.reader = new StreamReader({
      open: this.line.open,
      retry: async () => undefined,
      decode: (value) => {
        this.handedOut += 1
        return value[0]!
      },
      failure: () => undefined,
      credit,
    })
  }

  /** Asks for one more value, unless it waits for one already. */
  consume(): void {
    if (this.#pending || this.hasEnded) return
    this.#pending = true
    void this.reader.next().then((result) => {
      this.#pending = false
      if (result.done === true) this.hasEnded = true
      else this.consumed.push(result.value)
    })
  }

  async settle(): Promise<void> {
    await this.clock.runUntilIdle()
  }

  async run(): Promise<void> {
    for (let round = 0; round < 5000 && !this.hasEnded; round += 1) {
      this.consume()
      this.line.toSource.deliver()
      this.line.toReader.deliver()
      this.line.news.deliver()
      await this.settle()
    }
  }
}

describe('a stream over lines that break', () => {
  it('delivers every value once and in order, with no more in memory than was granted', async () => {
    const steps = fc.array(fc.constantFrom('consume', 'toSource', 'toReader', 'news', 'break', 'settle'), {
      maxLength: 150,
    })

    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 9 }), steps, async (count, credit, plan) => {
        const scene = new Scene(count, credit)
        for (const step of plan) {
          if (step === 'consume') scene.consume()
          if (step === 'toSource') scene.line.toSource.deliver()
          if (step === 'toReader') scene.line.toReader.deliver()
          if (step === 'news') scene.line.news.deliver()
          if (step === 'break') scene.line.break()
          await scene.settle()
        }
        await scene.run()

        expect(scene.hasEnded).toBe(true)
        expect(scene.consumed).toEqual(Array.from({ length: count }, (_, index) => index))
        expect(scene.mostInMemory).toBeLessThanOrEqual(credit)
      }),
      { numRuns: 300 },
    )
  })
})
