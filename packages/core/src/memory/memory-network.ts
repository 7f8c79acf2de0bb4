import type { RunnerAddress } from '../address/identifiers.ts'
import type { Clock } from '../ports/clock.ts'
import type { Connection } from '../ports/transport.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { LineConditions } from './memory-line.ts'
import { MemoryLine } from './memory-line.ts'

/** How a {@link MemoryNetwork} is made. */
export interface MemoryNetworkOptions {
  readonly clock: Clock
  /** After how long without a sign of life a line is given up. Default 10 s. */
  readonly keepAliveMs?: number
  /** How long a connection is tried for when nobody answers. Default 5 s. */
  readonly connectTimeoutMs?: number
  readonly faults?: FaultPlan
}

/** Somebody who takes connections. */
export interface NetworkListener {
  readonly node: string
  accept(connection: Connection): void
}

/** A process on the network. Once it has died it can neither connect nor listen; another of the same name can. */
export interface NetworkNode {
  readonly name: string
  isAlive: boolean
}

/**
 * A network in memory: connects the transports of many nodes in one process, and can be cut, node from node.
 *
 * Frames are passed on by reference, bytes included: who sends one must not change it afterwards, and who receives one must not
 * change it at all.
 */
export class MemoryNetwork {
  readonly clock: Clock
  readonly connectTimeoutMs: number
  readonly #conditions: LineConditions
  readonly #nodes = new Set<NetworkNode>()
  readonly #listeners = new Map<RunnerAddress, NetworkListener>()
  readonly #lines = new Set<MemoryLine>()
  readonly #cuts = new Set<string>()

  constructor(options: MemoryNetworkOptions) {
    const { clock, keepAliveMs = 10_000, connectTimeoutMs = 5000, faults } = options
    this.clock = clock
    this.connectTimeoutMs = connectTimeoutMs
    this.#conditions = {
      clock,
      keepAliveMs,
      isCut: (from, to) => this.isCut(from, to),
      fate: (from, to, frames) => faults?.deliver(from, to, frames),
      ended: (line) => this.#lines.delete(line),
    }
  }

  /** Connections that are open at one end at least. */
  get openLines(): number {
    return this.#lines.size
  }

  /** Nothing passes between the two any more, in either direction. */
  partition(a: string, b: string): void {
    this.cut(a, b)
    this.cut(b, a)
  }

  /** Nothing passes in this direction any more; the other one is left as it is. */
  cut(from: string, to: string): void {
    this.#cuts.add(pair(from, to))
    this.#tellLines()
  }

  /** Undoes all cuts between the two, or all there are. */
  heal(a?: string, b?: string): void {
    if (a === undefined || b === undefined) this.#cuts.clear()
    else for (const way of [pair(a, b), pair(b, a)]) this.#cuts.delete(way)
    this.#tellLines()
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.has(pair(from, to))
  }

  /** Breaks the lines of a node; both sides notice at once. New ones can be opened. */
  breakLines(node: string): void {
    for (const line of this.#linesOf(node)) line.breakDown('the line broke')
  }

  /** Kills a node as a killed process is: its system closes its lines, so that the others notice at once. */
  crash(node: string): void {
    this.#kill(node)
    for (const line of this.#linesOf(node)) line.breakDown('its process has ended')
  }

  /** Kills a node as a power cut does: the others hear nothing, and find out when they miss its signs of life. */
  vanish(node: string): void {
    this.#kill(node)
    for (const line of this.#linesOf(node)) line.fallSilent()
  }

  /** For transports: a process of this name starts. */
  addNode(name: string): NetworkNode {
    const node = { name, isAlive: true }
    this.#nodes.add(node)
    return node
  }

  /** For transports: the process ends by itself. */
  removeNode(node: NetworkNode): void {
    node.isAlive = false
    this.#nodes.delete(node)
  }

  listenerAt(address: RunnerAddress): NetworkListener | undefined {
    return this.#listeners.get(address)
  }

  /** For transports: an address takes connections. */
  addListener(address: RunnerAddress, listener: NetworkListener): void {
    this.#listeners.set(address, listener)
  }

  removeListener(address: RunnerAddress, listener: NetworkListener): void {
    if (this.#listeners.get(address) === listener) this.#listeners.delete(address)
  }

  /** For transports: a line from a node to who listens. */
  openLine(from: string, listener: NetworkListener): Connection {
    const line = new MemoryLine(this.#conditions, from, listener.node)
    this.#lines.add(line)
    listener.accept(line.far)
    return line.near
  }

  #kill(name: string): void {
    for (const node of this.#nodes) if (node.name === name) this.removeNode(node)
    for (const [address, { node }] of this.#listeners) if (node === name) this.#listeners.delete(address)
  }

  #linesOf(node: string): readonly MemoryLine[] {
    return [...this.#lines].filter(({ nodes }) => nodes.includes(node))
  }

  #tellLines(): void {
    for (const line of this.#lines) line.conditionsChanged()
  }
}

const pair = (from: string, to: string): string => JSON.stringify([from, to])
