import type { Clock, Discovery, Logger } from '@cruster/core/ports'
import type { Assignment } from '../placement/assignment.ts'
import { assign } from '../placement/assignment.ts'
import type { PlacementSettings } from '../placement/shard-of.ts'
import { sleep } from '../time/sleep.ts'
import type { ClusterView } from './cluster-view.ts'
import { applyEvents, emptyView } from './cluster-view.ts'

interface WatchOptions {
  readonly discovery: Discovery
  readonly clock: Clock
  readonly log: Logger
  readonly placement: PlacementSettings
}

/** Pause before a watch that ended with an error is opened again. */
const rewatchDelayMs = 500

/** Keeps a {@link ClusterView} and the assignment that follows from it up to date, and tells who listens. */
export class ClusterWatch implements AsyncDisposable {
  readonly #options: WatchOptions
  readonly #stop = new AbortController()
  readonly #listeners = new Set<() => void>()
  readonly #running: Promise<void>
  #view: ClusterView = emptyView
  #assignment: Assignment = new Map()
  #assignedFor = -1

  constructor(options: WatchOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  get view(): ClusterView {
    return this.#view
  }

  /** Computed when asked for, once per change of the topology. */
  get assignment(): Assignment {
    if (this.#assignedFor !== this.#view.topology) {
      this.#assignment = assign([...this.#view.runners.values()], this.#options.placement)
      this.#assignedFor = this.#view.topology
    }
    return this.#assignment
  }

  /** Calls back after each change, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { discovery, clock, log } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        for await (const events of discovery.watch(signal)) this.#apply(events)
      } catch (error) {
        // The last view stays in use: wrong routes are answered with `not mine`, and locks decide who may write.
        if (!signal.aborted) log.log('warn', 'The watch of the cluster broke; it is opened again.', { error })
      }
      if (!signal.aborted) await sleep(clock, rewatchDelayMs, signal)
    }
  }

  #apply(events: Parameters<typeof applyEvents>[1]): void {
    this.#view = applyEvents(this.#view, events)
    for (const listener of this.#listeners) listener()
  }
}
