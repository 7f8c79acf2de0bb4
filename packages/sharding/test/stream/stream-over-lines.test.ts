import { instanceId, runnerAddress } from '@cruster/core'
import { MemoryLogger, MemoryNetwork, MemoryTransport, SeededRandom, VirtualClock } from '@cruster/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../../src/connection/endpoint.ts'
import { PeerPool } from '../../src/connection/peer-pool.ts'
import { PeerServer } from '../../src/connection/peer-server.ts'
import { StreamReader } from '../../src/stream/stream-reader.ts'
import { StreamSource } from '../../src/stream/stream-source.ts'
import { sleep } from '../../src/time/sleep.ts'
import { request } from '../connection/request.ts'

const address = runnerAddress('10.0.0.1:9000')
const exit = Uint8Array.of(1)

async function* numbers(count: number): AsyncIterable<Uint8Array> {
  for (let value = 0; value < count; value += 1) yield Uint8Array.of(value)
}

async function readAll(values: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = []
  for await (const value of values) all.push(value)
  return all
}

/** A client and a server on a network that delays every batch and breaks some lines. */
class Scene implements AsyncDisposable {
  readonly clock = new VirtualClock()
  readonly #log = new MemoryLogger()
  readonly #random: SeededRandom
  readonly #pool: PeerPool
  readonly #transports: readonly MemoryTransport[]
  #server: PeerServer | undefined

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
    const network = new MemoryNetwork({ clock: this.clock, faults: { deliver: () => this.#fate() } })
    this.#transports = [new MemoryTransport(network, 'client'), new MemoryTransport(network, 'server')]
    this.#pool = new PeerPool({ ...this.#world('client'), transport: this.#transports[0]! })
  }

  /** Serves one stream of numbers, which readers can take up again. */
  async serve(count: number): Promise<void> {
    const source = new StreamSource({
      values: numbers(count),
      clock: this.clock,
      resumeWithinMs: 3_600_000,
      firstSequence: 0,
      success: exit,
      failure: () => exit,
      onEnd: () => undefined,
    })
    const endpoint: Endpoint = {
      open: ({ resume, credit }, sink) => {
        const call = source.attach(sink, { received: resume?.received ?? 0, credit: credit ?? 0 })
        if (call === 'lost') throw new Error('the stream is lost')
        return call
      },
    }
    const transport = this.#transports[1]!
    this.#server = await PeerServer.start({
      ...this.#world('server'),
      transport,
      address,
      endpoint,
      encodeFailure: () => exit,
    })
  }

  reader(): StreamReader<number> {
    return new StreamReader({
      open: (resume, credit, sink) => this.#pool.endpoint(address).open(request({ resume, credit }), sink),
      retry: () => sleep(this.clock, 10),
      decode: (value) => value[0]!,
      failure: () => undefined,
      credit: 8,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]()
    await this.#server?.[Symbol.asyncDispose]()
    for (const transport of this.#transports) await transport[Symbol.asyncDispose]()
  }

  #world(name: string) {
    return { clock: this.clock, random: this.#random, log: this.#log, instanceId: instanceId(name) }
  }

  #fate() {
    const isBroken = this.#random.next() < 0.15
    return isBroken ? { kind: 'broken' as const } : { kind: 'delayed' as const, delayMs: this.#random.next() * 5 }
  }
}

describe('a stream over real lines', () => {
  it('arrives whole and in order over a network that keeps breaking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(100), async (seed, count) => {
        await using scene = new Scene(seed)
        await scene.serve(count)
        const reading = readAll(scene.reader())

        await scene.clock.advance('1 hour')

        expect(await reading).toEqual(Array.from({ length: count }, (_, index) => index))
      }),
      { numRuns: 100 },
    )
  })
})
