import type { RunnerAddress } from '../address/identifiers.ts'
import { runnerAddress } from '../address/identifiers.ts'
import { ConfigError } from '../error/config-error.ts'
import { RunnerUnavailable } from '../error/runner-unavailable.ts'
import type { Connection, Listener, Transport } from '../ports/transport.ts'
import type { MemoryNetwork, NetworkListener, NetworkNode } from './memory-network.ts'

const firstFreePort = 40_000

/** Connects one node of a {@link MemoryNetwork} with the others. The reference for the laws of transports. */
export class MemoryTransport implements Transport {
  readonly name = 'memory'
  readonly #network: MemoryNetwork
  readonly #node: NetworkNode
  readonly #listeners = new Set<Listener>()
  readonly #connections = new Set<Connection>()

  /** @param node - name of the process, by which the network cuts and kills it; for a runner usually its address. */
  constructor(network: MemoryNetwork, node: string) {
    this.#network = network
    this.#node = network.addNode(node)
  }

  async listen(address: RunnerAddress, accept: (connection: Connection) => void): Promise<Listener> {
    this.#checkAlive()
    const taken = this.#withPort(address)
    const accepted = new Set<Connection>()
    const entry: NetworkListener = {
      node: this.#node.name,
      accept: (connection) => {
        track(connection, accepted)
        accept(connection)
      },
    }
    this.#network.addListener(taken, entry)
    const listener: Listener = {
      address: taken,
      [Symbol.asyncDispose]: async () => {
        this.#network.removeListener(taken, entry)
        this.#listeners.delete(listener)
        for (const connection of accepted) connection.close()
      },
    }
    this.#listeners.add(listener)
    return listener
  }

  connect(address: RunnerAddress, signal: AbortSignal): Promise<Connection> {
    const unavailable = (cause: unknown): RunnerUnavailable =>
      new RunnerUnavailable(address, { outcome: 'not-started', cause })
    return new Promise((resolve, reject) => {
      const refuse = (cause: unknown): void => {
        settle()
        reject(unavailable(cause))
      }
      const onAbort = (): void => refuse(signal.reason)
      const timeout = this.#network.clock.setTimer(this.#network.connectTimeoutMs, () => refuse('nobody answered'))
      const settle = (): void => {
        timeout.cancel()
        signal.removeEventListener('abort', onAbort)
      }
      if (signal.aborted) return onAbort()
      signal.addEventListener('abort', onAbort)
      this.#network.clock.defer(() => {
        if (signal.aborted || this.#isUnreachable(address)) return
        settle()
        const listener = this.#network.listenerAt(address)
        if (listener === undefined || !this.#node.isAlive) return reject(unavailable('connection refused'))
        const connection = this.#network.openLine(this.#node.name, listener)
        track(connection, this.#connections)
        resolve(connection)
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) await listener[Symbol.asyncDispose]()
    for (const connection of this.#connections) connection.close()
    this.#network.removeNode(this.#node)
  }

  /** Whether a cut keeps the question or its answer from arriving, so that there is none. */
  #isUnreachable(address: RunnerAddress): boolean {
    const node = this.#network.listenerAt(address)?.node
    return (
      node !== undefined && (this.#network.isCut(this.#node.name, node) || this.#network.isCut(node, this.#node.name))
    )
  }

  #checkAlive(): void {
    if (this.#node.isAlive) return
    throw new RunnerUnavailable(this.#node.name, { outcome: 'not-started', cause: 'its transport has ended' })
  }

  /** The address, with a free port in place of port 0. */
  #withPort(address: RunnerAddress): RunnerAddress {
    if (!address.endsWith(':0')) {
      if (this.#network.listenerAt(address) === undefined) return address
      throw new ConfigError(`${address} is in use by another runner of this network. Choose another address.`)
    }
    let port = firstFreePort
    const candidate = (): RunnerAddress => runnerAddress(`${address.slice(0, -1)}${port}`)
    while (this.#network.listenerAt(candidate()) !== undefined) port += 1
    return candidate()
  }
}

/** Keeps a connection in the set as long as it is open. */
function track(connection: Connection, connections: Set<Connection>): void {
  connections.add(connection)
  void connection.closed.then(() => connections.delete(connection))
}
