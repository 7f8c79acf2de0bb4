import assert from 'node:assert/strict'
import type { Discovery, DiscoveryEvent } from '@cruster/core/ports'
import type { Time } from '../../eventually.ts'
import { eventually } from '../../eventually.ts'

const patience = 5000

/** Writes down what a watch reports, until it is disposed. */
export class WatchLog implements AsyncDisposable {
  readonly events: DiscoveryEvent[] = []
  readonly #time: Time
  readonly #end = new AbortController()
  #failure: unknown

  constructor(time: Time, discovery: Discovery) {
    this.#time = time
    this.#read(discovery).catch((error: unknown) => (this.#failure = error))
  }

  /** Events after the first one, in short. */
  get changes(): readonly string[] {
    return this.events.slice(1).map(eventText)
  }

  /** Resolves once the watch has begun to report. */
  async begun(): Promise<this> {
    await this.until('the watch began', () => this.events.length > 0)
    return this
  }

  async until(sentence: string, holds: () => boolean): Promise<void> {
    await eventually(this.#time, sentence, { withinMs: patience, holds: () => this.#failure !== undefined || holds() })
    assert.ifError(this.#failure)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
  }

  async #read(discovery: Discovery): Promise<void> {
    for await (const batch of discovery.watch(this.#end.signal)) this.events.push(...batch)
  }
}

function eventText(event: DiscoveryEvent): string {
  switch (event.kind) {
    case 'snapshot':
      return 'snapshot'
    case 'runnerChanged':
      return `${event.runner.address} is ${event.runner.state}`
    case 'runnerLeft':
      return `${event.instanceId} left`
    case 'shardLocked':
      return `${event.lock.shard} locked by ${event.lock.instanceId}`
    case 'shardUnlocked':
      return `${event.shard} unlocked`
    default:
      return event satisfies never
  }
}
