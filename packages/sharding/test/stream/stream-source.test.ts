import { shardId } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import type { OpenCall } from '../../src/connection/endpoint.ts'
import type { StreamSourceOptions } from '../../src/stream/stream-source.ts'
import { StreamSource } from '../../src/stream/stream-source.ts'

const success = Uint8Array.of(1)
const failure = Uint8Array.of(0)
const entity = { shard: shardId('default', 0), type: 'Clock', id: 'a' }

/** Remembers what a source sends, as `0: 0 1 2` for values 0, 1 and 2 in a chunk that starts at 0. */
class HeardSink {
  readonly heard: string[] = []

  chunk(sequence: number, values: readonly Uint8Array[]): void {
    this.heard.push(`${sequence}: ${values.map((value) => value[0]).join(' ')}`)
  }

  reply(exit: Uint8Array): void {
    this.heard.push(exit === success ? 'success' : 'failure')
  }

  notMine(): void {
    this.heard.push('not mine')
  }
}

/** A stream of the numbers 0 … count - 1, with what became of its iterator. */
class NumberStream {
  readonly clock = new VirtualClock()
  readonly source: StreamSource
  pulled = 0
  isClosed = false
  ends = 0

  constructor(count: number, options: Partial<StreamSourceOptions> = {}) {
    this.source = new StreamSource({
      values: this.#values(count),
      clock: this.clock,
      resumeWithinMs: 1000,
      firstSequence: 0,
      success,
      failure: () => failure,
      onEnd: () => {
        this.ends += 1
      },
      ...options,
    })
  }

  /** Attaches and lets the source do what it can. */
  async attach(sink: HeardSink, received: number, credit: number): Promise<OpenCall> {
    const call = this.source.attach(sink, { received, credit })
    if (call === 'lost') throw new Error('the stream is lost')
    await this.clock.runUntilIdle()
    return call
  }

  async *#values(count: number): AsyncIterable<Uint8Array> {
    try {
      for (let value = 0; value < count; value += 1) {
        this.pulled += 1
        yield Uint8Array.of(value)
      }
    } finally {
      this.isClosed = true
    }
  }
}

describe('StreamSource', () => {
  it('sends the values that are ready within a tick as one chunk, then the exit', async () => {
    const stream = new NumberStream(3)
    const sink = new HeardSink()

    await stream.attach(sink, 0, 10)

    expect(sink.heard).toEqual(['0: 0 1 2', 'success'])
  })

  it('pulls nothing before somebody reads', async () => {
    const stream = new NumberStream(3)

    await stream.clock.runUntilIdle()

    expect(stream.pulled).toBe(0)
  })

  it('pulls no more values than the reader has room for', async () => {
    const stream = new NumberStream(9)
    const sink = new HeardSink()

    const call = await stream.attach(sink, 0, 2)
    expect(stream.pulled).toBe(2)

    call.credit(2, 3)
    await stream.clock.runUntilIdle()
    expect(stream.pulled).toBe(5)
    expect(sink.heard).toEqual(['0: 0 1', '2: 2 3 4'])
  })

  it('puts no more than 256 values into a chunk', async () => {
    const stream = new NumberStream(300)
    const sink = new HeardSink()

    await stream.attach(sink, 0, 1000)

    expect(sink.heard.map((line) => line.split(':')[0])).toEqual(['0', '256', 'success'])
  })

  it('puts no more than 64 KiB into a chunk', async () => {
    const sizes: number[] = []
    const sink = new HeardSink()
    sink.chunk = (_, values) => sizes.push(values.length)
    const big = async function* (): AsyncIterable<Uint8Array> {
      for (let value = 0; value < 5; value += 1) yield new Uint8Array(30_000)
    }

    await new NumberStream(0, { values: big() }).attach(sink, 0, 10)

    expect(sizes).toEqual([2, 2, 1])
  })

  it('numbers its values from where a former owner stopped', async () => {
    const sink = new HeardSink()

    await new NumberStream(2, { firstSequence: 5 }).attach(sink, 5, 10)

    expect(sink.heard).toEqual(['5: 0 1', 'success'])
  })

  it('ends with a failure after the values that came before it', async () => {
    const sink = new HeardSink()
    const failing = async function* (): AsyncIterable<Uint8Array> {
      yield Uint8Array.of(0)
      throw new Error('no more')
    }

    await new NumberStream(0, { values: failing() }).attach(sink, 0, 10)

    expect(sink.heard).toEqual(['0: 0', 'failure'])
  })

  it('fails when its values cannot even be asked for', async () => {
    const sink = new HeardSink()
    const broken: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]() {
        throw new Error('not iterable')
      },
    }

    await new NumberStream(0, { values: broken }).attach(sink, 0, 10)

    expect(sink.heard).toEqual(['failure'])
  })

  it('goes on from the position of a reader that is back, and does not pull again what it has kept', async () => {
    const stream = new NumberStream(6)
    const call = await stream.attach(new HeardSink(), 0, 4)
    call.disconnect()

    const sink = new HeardSink()
    await stream.attach(sink, 2, 5)

    expect(sink.heard).toEqual(['2: 2 3 4 5', 'success'])
    expect(stream.pulled).toBe(6)
  })

  it('repeats an exit that was lost with its line', async () => {
    const stream = new NumberStream(1)
    await stream.attach(new HeardSink(), 0, 4)

    const sink = new HeardSink()
    await stream.attach(sink, 0, 4)

    expect(sink.heard).toEqual(['0: 0', 'success'])
  })

  it('is lost for a reader that asks for values that are not kept any more', async () => {
    const stream = new NumberStream(9)
    const call = await stream.attach(new HeardSink(), 0, 4)
    call.credit(3, 4)

    expect(stream.source.attach(new HeardSink(), { received: 1, credit: 4 })).toBe('lost')
  })

  it('does not listen to a line that was replaced', async () => {
    const stream = new NumberStream(9)
    const old = await stream.attach(new HeardSink(), 0, 2)
    const sink = new HeardSink()
    await stream.attach(sink, 2, 2)

    old.disconnect()
    old.cancel()
    old.credit(2, 7)
    await stream.clock.advance('2s')

    expect(sink.heard).toEqual(['2: 2 3'])
    expect(stream.ends).toBe(0)
  })

  it('is cancelled when the reader does not come back in time', async () => {
    const stream = new NumberStream(9)
    const call = await stream.attach(new HeardSink(), 0, 2)

    call.disconnect()
    await stream.clock.advance(999)
    expect(stream.ends).toBe(0)

    await stream.clock.advance(1)
    expect(stream).toMatchObject({ ends: 1, isClosed: true })
    expect(stream.source.attach(new HeardSink(), { received: 2, credit: 2 })).toBe('lost')
  })

  it('lives on when the reader is back in time', async () => {
    const stream = new NumberStream(9)
    const call = await stream.attach(new HeardSink(), 0, 2)
    call.disconnect()
    await stream.clock.advance(999)
    await stream.attach(new HeardSink(), 2, 2)

    await stream.clock.advance('1 hour')

    expect(stream.ends).toBe(0)
  })

  it('is forgotten some time after its exit', async () => {
    const stream = new NumberStream(1)
    await stream.attach(new HeardSink(), 0, 4)
    expect(stream.ends).toBe(0)

    await stream.clock.advance('1s')

    expect(stream.ends).toBe(1)
    expect(stream.clock.pendingTimers()).toEqual([])
  })

  it('closes the iterator when it is cancelled, and is silent from then on', async () => {
    const stream = new NumberStream(9)
    const sink = new HeardSink()
    const call = await stream.attach(sink, 0, 2)

    call.credit(2, 4)
    call.cancel()
    await stream.clock.runUntilIdle()

    expect(stream).toMatchObject({ ends: 1, isClosed: true })
    expect(sink.heard).toEqual(['0: 0 1'])
    expect(stream.clock.pendingTimers()).toEqual([])
  })

  it('closes the iterator once, and ignores what that throws', async () => {
    let closed = 0
    const stubborn: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: Uint8Array.of(0) }),
        return: async () => {
          closed += 1
          throw new Error('cannot close')
        },
      }),
    }
    const stream = new NumberStream(0, { values: stubborn })
    await stream.attach(new HeardSink(), 0, 1)

    await Promise.all([stream.source.cancel(), stream.source.cancel()])

    expect(closed).toBe(1)
    expect(stream.ends).toBe(1)
  })

  it('sends its reader to the next owner when it is handed over', async () => {
    const stream = new NumberStream(9)
    const sink = new HeardSink()
    await stream.attach(sink, 0, 2)

    await stream.source.handOver(entity, undefined)

    expect(sink.heard).toEqual(['0: 0 1', 'not mine'])
    expect(stream).toMatchObject({ ends: 1, isClosed: true })
  })

  it('tells nobody twice when it is handed over after its exit', async () => {
    const stream = new NumberStream(1)
    const sink = new HeardSink()
    await stream.attach(sink, 0, 2)

    await stream.source.handOver(entity, undefined)

    expect(sink.heard).toEqual(['0: 0', 'success'])
  })
})
