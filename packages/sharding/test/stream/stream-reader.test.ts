import { shardId } from '@cruster/core'
import type { StreamPosition } from '@cruster/core/ports'
import { describe, expect, it } from 'vitest'
import type { ReplySink } from '../../src/connection/endpoint.ts'
import type { StreamReaderOptions } from '../../src/stream/stream-reader.ts'
import { StreamReader } from '../../src/stream/stream-reader.ts'
import type { StreamTrouble } from '../../src/stream/stream-trouble.ts'

const exit = Uint8Array.of(1)
const entity = { shard: shardId('default', 0), type: 'Clock', id: 'a' }

/** A reader whose lines the test plays: the last one opened is `line`. */
class Scene {
  readonly opened: (StreamPosition & { readonly initial: number })[] = []
  readonly credits: string[] = []
  readonly troubles: StreamTrouble[] = []
  readonly reader: StreamReader<number>
  cancels = 0
  #sink: ReplySink | undefined

  constructor(options: Partial<StreamReaderOptions<number>> = {}) {
    this.reader = new StreamReader<number>({
      open: (position, initial, sink) => {
        this.opened.push({ ...position, initial })
        this.#sink = sink
        return {
          cancel: () => {
            this.cancels += 1
          },
          credit: (received, credit) => this.credits.push(`${received}+${credit}`),
          disconnect: () => undefined,
        }
      },
      retry: async (trouble) => {
        this.troubles.push(trouble)
      },
      decode: (value) => value[0]!,
      failure: () => undefined,
      credit: 4,
      ...options,
    })
  }

  get line(): ReplySink {
    if (this.#sink === undefined) throw new Error('no line is open')
    return this.#sink
  }

  send(sequence: number, ...values: number[]): void {
    this.line.chunk(
      sequence,
      values.map((value) => Uint8Array.of(value)),
    )
  }

  async read(count: number): Promise<(number | undefined)[]> {
    const values: (number | undefined)[] = []
    for (let read = 0; read < count; read += 1) values.push((await this.reader.next()).value)
    return values
  }
}

describe('StreamReader', () => {
  it('opens nothing before the first value is asked for', () => {
    expect(new Scene().opened).toEqual([])
  })

  it('delivers values in order to a consumer that waits and to one that comes later', async () => {
    const scene = new Scene()
    const early = scene.read(2)
    scene.send(0, 10, 11, 12)
    scene.send(3, 13)

    expect(await early).toEqual([10, 11])
    expect(await scene.read(2)).toEqual([12, 13])
  })

  it('ends after the last value', async () => {
    const scene = new Scene()
    const first = scene.read(1)
    scene.send(0, 10, 11)
    scene.line.reply(exit)
    await first

    expect(await scene.reader.next()).toEqual({ done: false, value: 11 })
    expect(await scene.reader.next()).toEqual({ done: true, value: undefined })
    expect(await scene.reader.next()).toEqual({ done: true, value: undefined })
  })

  it('throws the error of a failed stream once, after the last value', async () => {
    const scene = new Scene({ failure: () => new Error('no more') })
    const first = scene.read(1)
    scene.send(0, 10, 11)
    scene.line.reply(exit)
    await first

    expect(await scene.read(1)).toEqual([11])
    await expect(scene.reader.next()).rejects.toThrow('no more')
    expect(await scene.read(1)).toEqual([undefined])
  })

  it('fails the consumer when the exit cannot be read', async () => {
    const scene = new Scene({
      failure: () => {
        throw new Error('garbage')
      },
    })
    const first = scene.reader.next()

    scene.line.reply(exit)

    await expect(first).rejects.toThrow('garbage')
  })

  it('grants more when half of its credit is consumed', async () => {
    const scene = new Scene({ credit: 4 })
    const first = scene.read(1)
    scene.send(0, 10, 11, 12, 13)
    await first
    expect(scene.credits).toEqual([])

    await scene.read(1)

    expect(scene.opened).toEqual([{ received: 0, last: undefined, initial: 4 }])
    expect(scene.credits).toEqual(['4+2'])
  })

  it('opens again at its position when the line breaks, with the room it has', async () => {
    const scene = new Scene({ credit: 4 })
    const first = scene.read(1)
    scene.send(0, 10, 11, 12)
    await first

    scene.line.broken(new Error('line cut'), true)
    await Promise.resolve()

    expect(scene.troubles).toEqual([{ kind: 'broken', reason: new Error('line cut'), sent: true }])
    expect(scene.opened[1]).toEqual({ received: 3, last: Uint8Array.of(12), initial: 2 })
  })

  it('opens again when the stream has moved', async () => {
    const scene = new Scene()
    const first = scene.read(1)

    scene.line.notMine(entity, undefined)
    await Promise.resolve()
    scene.send(0, 10)

    expect(scene.troubles).toEqual([{ kind: 'notMine', address: entity, owner: undefined }])
    expect(await first).toEqual([10])
  })

  it('drops values that are repeated after a resume', async () => {
    const scene = new Scene()
    const values = scene.read(3)
    scene.send(0, 10, 11)
    scene.line.broken(new Error('line cut'), true)
    await Promise.resolve()

    scene.send(1, 11, 12)

    expect(await values).toEqual([10, 11, 12])
  })

  it('leaves a line with a gap and opens again where the gap began', async () => {
    const scene = new Scene()
    const values = scene.read(2)
    scene.send(0, 10)

    scene.send(2, 12)
    await Promise.resolve()

    expect(scene.cancels).toBe(1)
    expect(scene.troubles).toEqual([{ kind: 'gap', expected: 1, found: 2 }])
    expect(scene.opened[1]).toMatchObject({ received: 1 })
    scene.send(1, 11)
    expect(await values).toEqual([10, 11])
  })

  it('does not hear a line that it has left', async () => {
    const scene = new Scene()
    const values = scene.read(1)
    const old = scene.line
    old.broken(new Error('line cut'), true)
    await Promise.resolve()

    old.chunk(0, [Uint8Array.of(99)])
    old.reply(exit)
    scene.send(0, 10)

    expect(await values).toEqual([10])
  })

  it('throws what retry gives up with, after the values that came before', async () => {
    const scene = new Scene({ retry: async () => Promise.reject(new Error('too late')) })
    const first = scene.read(1)
    scene.send(0, 10, 11)
    await first

    scene.line.broken(new Error('line cut'), true)

    expect(await scene.read(1)).toEqual([11])
    await expect(scene.reader.next()).rejects.toThrow('too late')
  })

  it('cancels the call when the consumer breaks out of its loop', async () => {
    const scene = new Scene()
    const loop = (async () => {
      for await (const value of scene.reader) if (value === 10) break
    })()
    scene.send(0, 10, 11)
    await loop

    expect(scene.cancels).toBe(1)
    expect(await scene.read(1)).toEqual([undefined])
  })

  it('ends a consumer that waits while another part of the program stops it', async () => {
    const scene = new Scene()
    const waiting = scene.reader.next()

    await scene.reader.return()

    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  it('does not open again when it was stopped meanwhile', async () => {
    const scene = new Scene()
    const values = scene.read(1)
    scene.line.broken(new Error('line cut'), true)

    await scene.reader.return()
    await values

    expect(scene.opened).toHaveLength(1)
  })

  it('fails at once when it is aborted, and cancels the call', async () => {
    const scene = new Scene()
    const first = scene.read(1)
    scene.send(0, 10, 11)
    await first

    scene.reader.abort(new Error('deadline'))

    await expect(scene.reader.next()).rejects.toThrow('deadline')
    expect(scene.cancels).toBe(1)
  })

  it('cannot be aborted when the end has arrived', async () => {
    const scene = new Scene()
    const first = scene.read(1)
    scene.send(0, 10, 11)
    scene.line.reply(exit)
    await first

    scene.reader.abort(new Error('deadline'))

    expect(await scene.read(2)).toEqual([11, undefined])
  })

  it('cancels the call and fails when a value cannot be decoded', async () => {
    const scene = new Scene({
      decode: () => {
        throw new Error('garbage')
      },
    })
    const first = scene.reader.next()
    const second = scene.reader.next()
    scene.send(0, 10, 11)

    await expect(first).rejects.toThrow('garbage')
    expect(await second).toEqual({ done: true, value: undefined })
    expect(scene.cancels).toBe(1)
  })

  it('fails the consumer when the stream cannot be opened at all', async () => {
    const scene = new Scene({
      open: () => {
        throw new Error('no route')
      },
    })

    await expect(scene.reader.next()).rejects.toThrow('no route')
  })

  it('hears an endpoint that answers before open has returned', async () => {
    const scene = new Scene({
      open: (_, __, sink) => {
        sink.chunk(0, [Uint8Array.of(10)])
        sink.reply(exit)
        return { cancel: () => undefined, credit: () => undefined, disconnect: () => undefined }
      },
    })

    expect(await scene.read(2)).toEqual([10, undefined])
  })

  it('has one consumer', () => {
    const scene = new Scene()
    scene.reader[Symbol.asyncIterator]()

    expect(() => scene.reader[Symbol.asyncIterator]()).toThrow('A stream has one reader')
  })
})
