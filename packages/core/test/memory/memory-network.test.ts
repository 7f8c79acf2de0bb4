import { describe, expect, it } from 'vitest'
import { runnerAddress } from '../../src/address/identifiers.ts'
import { ConfigError } from '../../src/error/config-error.ts'
import { RunnerUnavailable } from '../../src/error/runner-unavailable.ts'
import type { DeliveryFate, FaultPlan } from '../../src/memory/fault-plan.ts'
import { MemoryNetwork } from '../../src/memory/memory-network.ts'
import { MemoryTransport } from '../../src/memory/memory-transport.ts'
import { VirtualClock } from '../../src/memory/virtual-clock.ts'
import type { Frame } from '../../src/ports/frame.ts'
import type { Connection } from '../../src/ports/transport.ts'

const address = runnerAddress('b:9000')
const open = new AbortController().signal
const frame = (call: number): Frame => ({ kind: 'cancel', call })

/** What a side of a connection has heard. */
class Heard {
  readonly connection: Connection
  readonly calls: number[] = []
  closed: Error | undefined | 'open' = 'open'

  constructor(connection: Connection) {
    this.connection = connection
    void connection.closed.then((reason) => (this.closed = reason))
    void this.#read()
  }

  async #read(): Promise<void> {
    for await (const batch of this.connection.frames) {
      this.calls.push(...batch.map((each) => ('call' in each ? each.call : -1)))
    }
  }
}

async function world(faults?: FaultPlan) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock, keepAliveMs: 10_000, connectTimeoutMs: 5000, ...(faults && { faults }) })
  const [a, b] = [new MemoryTransport(network, 'a'), new MemoryTransport(network, 'b')]
  const accepted: Heard[] = []
  const listener = await b.listen(address, (connection) => accepted.push(new Heard(connection)))
  const connect = async (): Promise<[near: Heard, far: Heard]> => {
    const near = new Heard(await a.connect(address, open))
    return [near, accepted.at(-1) ?? near]
  }
  return { clock, network, a, b, listener, connect }
}

describe('a partition', () => {
  it('holds frames up and delivers them in order when it is healed in time', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.partition('a', 'b')
    near.connection.send([frame(1)])
    far.connection.send([frame(2)])
    await clock.advance(9999)
    near.connection.send([frame(3)])
    expect([near.calls, far.calls]).toEqual([[], []])
    network.heal()
    await clock.advance(60_000)

    expect([near.calls, far.calls]).toEqual([[2], [1, 3]])
    expect([near.closed, far.closed]).toEqual(['open', 'open'])
  })

  it('that lasts breaks the line for both sides, and what it held up is lost', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.partition('a', 'b')
    near.connection.send([frame(1)])
    await clock.advance(10_000)
    network.heal()
    await clock.advance(10_000)

    expect(far.calls).toEqual([])
    expect(near.closed).toEqual(
      new RunnerUnavailable('b', { outcome: 'unknown', cause: 'no sign of life for 10000 ms' }),
    )
    expect(far.closed).toBeInstanceOf(RunnerUnavailable)
    expect([network.openLines, clock.pendingTimers()]).toEqual([0, []])
  })

  it('of one direction lets the other one through, until its answers are missed', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.cut('a', 'b')
    near.connection.send([frame(1)])
    far.connection.send([frame(2)])
    await clock.advance(9999)
    expect([near.calls, far.calls]).toEqual([[2], []])
    await clock.advance(1)

    expect([near.closed, far.closed]).toEqual([expect.any(RunnerUnavailable), expect.any(RunnerUnavailable)])
  })

  it('leaves other nodes alone', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.partition('a', 'c')
    network.heal('b', 'c')
    near.connection.send([frame(1)])
    await clock.advance(20_000)

    expect(far.calls).toEqual([1])
  })

  it('hides that the other side has closed', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.partition('a', 'b')
    near.connection.close()
    await clock.advance(9999)
    expect([near.closed, far.closed]).toEqual([undefined, 'open'])
    await clock.advance(1)

    expect(far.closed).toBeInstanceOf(RunnerUnavailable)
  })

  it('lets attempts to connect run into their timeout', async () => {
    const { clock, network, a } = await world()
    network.cut('b', 'a')
    let error: unknown
    void a.connect(address, open).catch((reason: unknown) => (error = reason))

    await clock.advance(4999)
    expect(error).toBeUndefined()
    await clock.advance(1)

    expect(error).toEqual(new RunnerUnavailable('b:9000', { outcome: 'not-started', cause: 'nobody answered' }))
    expect(clock.pendingTimers()).toEqual([])
  })
})

describe('a node', () => {
  it('that crashes closes its lines at once, for both sides', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.crash('b')
    await clock.runUntilIdle()

    expect([near.closed, far.closed]).toEqual([expect.any(RunnerUnavailable), expect.any(RunnerUnavailable)])
    await expect(connect()).rejects.toThrow('connection refused')
  })

  it('that vanishes is missed after the keep-alive time', async () => {
    const { clock, network, connect } = await world()
    const [near, far] = await connect()

    network.vanish('b')
    near.connection.send([frame(1)])
    await clock.advance(9999)
    expect([near.closed, far.calls]).toEqual(['open', []])
    await clock.advance(1)

    expect(near.closed).toBeInstanceOf(RunnerUnavailable)
  })

  it('that is dead does nothing any more, and another of its name can take its place', async () => {
    const { network, b, connect } = await world()
    network.crash('b')

    await expect(b.connect(address, open)).rejects.toThrow(RunnerUnavailable)
    await expect(b.listen(address, () => {})).rejects.toThrow(RunnerUnavailable)
    await new MemoryTransport(network, 'b').listen(address, () => {})

    const [near] = await connect()
    expect(near.closed).toBe('open')
  })

  it('that is disposed closes its listeners and lines on purpose', async () => {
    const { clock, network, b, connect } = await world()
    const [near] = await connect()

    await b[Symbol.asyncDispose]()
    await clock.runUntilIdle()

    expect([near.closed, network.openLines]).toEqual([undefined, 0])
    await expect(connect()).rejects.toThrow('connection refused')
  })
})

describe('a listener', () => {
  it('gets a free port for port 0', async () => {
    const { a, b } = await world()

    const listeners = [await a.listen(runnerAddress('a:0'), () => {}), await b.listen(runnerAddress('a:0'), () => {})]

    expect(listeners.map((listener) => listener.address)).toEqual(['a:40000', 'a:40001'])
  })

  it('is refused at an address that is in use', async () => {
    const { a } = await world()

    await expect(a.listen(address, () => {})).rejects.toThrow(ConfigError)
  })
})

describe('a fault plan', () => {
  it('delays frames without letting later ones overtake', async () => {
    const fates: (DeliveryFate | undefined)[] = [{ kind: 'delayed', delayMs: 100 }, undefined]
    const { clock, connect } = await world({ deliver: () => fates.shift() })
    const [near, far] = await connect()

    near.connection.send([frame(1)])
    await clock.advance(50)
    near.connection.send([frame(2)])
    await clock.advance(49)
    expect(far.calls).toEqual([])
    await clock.advance(1)

    expect(far.calls).toEqual([1, 2])
  })

  it('is told who sends what to whom', async () => {
    const asked: unknown[] = []
    const { clock, connect } = await world({
      deliver: (from, to, frames) => {
        asked.push([from, to, [...frames]])
        return undefined
      },
    })
    const [near, far] = await connect()

    near.connection.send([frame(1), frame(2)])
    near.connection.send([frame(3)])
    await clock.runUntilIdle()
    far.connection.send([frame(4)])
    await clock.runUntilIdle()

    expect(asked).toEqual([
      ['a', 'b', [frame(1), frame(2), frame(3)]],
      ['b', 'a', [frame(4)]],
    ])
  })

  it('breaks lines', async () => {
    const { clock, connect } = await world({ deliver: () => ({ kind: 'broken' }) })
    const [near, far] = await connect()

    near.connection.send([frame(1)])
    await clock.runUntilIdle()

    expect([near.closed, far.closed]).toEqual([expect.any(RunnerUnavailable), expect.any(RunnerUnavailable)])
    expect(far.calls).toEqual([])
  })

  it('leaves no timer behind when a line ends while frames are on their way', async () => {
    const { clock, network, connect } = await world({ deliver: () => ({ kind: 'delayed', delayMs: 100 }) })
    const [near, far] = await connect()
    near.connection.send([frame(1)])
    await clock.advance(50)

    network.breakLines('a')
    await clock.advance(100)

    expect([far.calls, clock.pendingTimers()]).toEqual([[], []])
  })
})
