import { RunnerUnavailable } from '@cruster/core'
import type { VirtualClock } from '@cruster/core/memory'
import type { Connection, Frame, Listener, Transport } from '@cruster/core/ports'
import type { TransportParts } from '../transport-worlds.ts'

/** Replaces a part of a sound world by one that breaks a promise. */
export type TransportSaboteur = Partial<TransportParts>

const alter = (inner: Transport, changes: Partial<Transport>): Transport => ({
  name: inner.name,
  listen: (address, accept) => inner.listen(address, accept),
  connect: (address, signal) => inner.connect(address, signal),
  [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  ...changes,
})

/** Changes the connections of both sides. */
const alterConnections = (
  change: (inner: Connection, clock: VirtualClock) => Partial<Connection>,
): TransportSaboteur => ({
  wrap: (transport, clock) => {
    const altered = (inner: Connection): Connection => ({
      peer: inner.peer,
      send: (frames) => inner.send(frames),
      frames: inner.frames,
      closed: inner.closed,
      close: () => inner.close(),
      ...change(inner, clock),
    })
    return alter(transport, {
      listen: (address, accept) => transport.listen(address, (connection) => accept(altered(connection))),
      connect: async (address, signal) => altered(await transport.connect(address, signal)),
    })
  },
})

/** Changes what is sent. */
const alterFrames = (change: (frames: readonly Frame[]) => readonly Frame[]): TransportSaboteur =>
  alterConnections((inner) => ({ send: (frames) => inner.send(change(frames)) }))

const alterListeners = (change: (inner: Listener) => Partial<Listener>): TransportSaboteur => ({
  wrap: (transport) =>
    alter(transport, {
      listen: async (address, accept) => {
        const inner = await transport.listen(address, accept)
        return {
          address: inner.address,
          [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
          ...change(inner),
        }
      },
    }),
})

const never = new Promise<never>(() => {})

export const reversesBatches = alterFrames((frames) => frames.toReversed())

export const losesLongBatches = alterFrames((frames) => frames.slice(0, 19))

export const sendsTwice = alterFrames((frames) => [...frames, ...frames.slice(-1)])

export const letsBatchesOvertake = alterConnections((inner, clock) => ({
  send: (frames) => void clock.setTimer(20 / (1 + frames.length), () => inner.send(frames)),
}))

export const losesWhatWasSentBeforeTheEnd = alterConnections((inner, clock) => ({
  send: (frames) => void clock.setTimer(1, () => inner.send(frames)),
}))

export const closesInSilence = alterConnections((inner) => ({
  close: () => inner.send([]),
}))

export const neverEndsFrames = alterConnections((inner) => ({
  frames: (async function* endless() {
    yield* inner.frames
    await never
  })(),
}))

export const neverResolvesClosed = alterConnections(() => ({ closed: never }))

export const givesAReasonForEveryEnd = alterConnections((inner) => ({
  closed: inner.closed.then((reason) => reason ?? new RunnerUnavailable(inner.peer, { outcome: 'unknown' })),
}))

export const givesNoReasons = alterConnections((inner) => ({ closed: inner.closed.then(() => undefined) }))

const sentInWorld = new WeakMap<VirtualClock, Frame[]>()

export const repeatsOnTheNextLine = alterConnections((inner, clock) => {
  const sent = sentInWorld.get(clock) ?? []
  sentInWorld.set(clock, sent)
  inner.send(sent.splice(0))
  return {
    send: (frames) => {
      sent.push(...frames)
      inner.send(frames)
    },
  }
})

export const losesTraces = alterFrames((frames) =>
  frames.map((frame) => (frame.kind === 'request' ? { ...frame, trace: undefined } : frame)),
)

export const losesLargeNumbers = alterFrames((frames) =>
  frames.map((frame) =>
    frame.kind === 'request' && frame.deliverAt !== undefined ? { ...frame, deliverAt: frame.deliverAt | 0 } : frame,
  ),
)

export const losesEmptyValues = alterFrames((frames) =>
  frames.map((frame) =>
    frame.kind === 'chunk' ? { ...frame, values: frame.values.filter(({ length }) => length > 0) } : frame,
  ),
)

export const waitsForNobody: TransportSaboteur = {
  wrap: (transport) =>
    alter(transport, { connect: (address, signal) => transport.connect(address, signal).catch(() => never) }),
}

export const throwsItsOwnErrors: TransportSaboteur = {
  wrap: (transport) =>
    alter(transport, {
      connect: (address, signal) =>
        transport.connect(address, signal).catch((cause: unknown) => {
          throw new TypeError('ECONNREFUSED', { cause })
        }),
    }),
}

export const ignoresTheSignal: TransportSaboteur = {
  wrap: (transport) =>
    alter(transport, { connect: (address) => transport.connect(address, new AbortController().signal) }),
}

export const triesForEver: TransportSaboteur = { options: { connectTimeoutMs: 2 ** 40 } }

export const neverStopsListening = alterListeners(() => ({ [Symbol.asyncDispose]: async () => {} }))

export const leavesConnectionsOpen: TransportSaboteur = {
  wrap: (transport) => {
    let isListening = true
    return alter(transport, {
      listen: async (address, accept) => {
        const inner = await transport.listen(address, (connection) =>
          isListening ? accept(connection) : connection.close(),
        )
        return { address: inner.address, [Symbol.asyncDispose]: async () => void (isListening = false) }
      },
    })
  },
}

export const doesNotNoticeSilence: TransportSaboteur = { options: { keepAliveMs: 2 ** 40 } }

export const givesQuietLinesUp = alterConnections((inner, clock) => {
  const timer = clock.setTimer(15_000, () => inner.close())
  void inner.closed.then(() => timer.cancel())
  return {}
})
