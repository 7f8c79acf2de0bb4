import type { Discovery, DiscoveryEvent, RunnerInfo } from '@cruster/core/ports'
import type { RuntimeStats } from './chess-runtime.ts'

/** Who is in the cluster and who holds how many shards, as this process was told last. */
export class ClusterPicture implements AsyncDisposable {
  readonly #runners = new Map<string, RunnerInfo>()
  /** Instance ids by shard. */
  readonly #locks = new Map<string, string>()
  readonly #aborter = new AbortController()
  #following: Promise<void> | undefined

  /** Watches until it is disposed. */
  static follow(discovery: Discovery): ClusterPicture {
    const picture = new ClusterPicture()
    picture.#following = picture.#follow(discovery)
    return picture
  }

  get runners(): RuntimeStats['runners'] {
    const shards = new Map<string, number>()
    for (const holder of this.#locks.values()) shards.set(holder, (shards.get(holder) ?? 0) + 1)
    return [...this.#runners.values()].map(({ instanceId, address, state }) => ({
      address,
      state,
      shards: shards.get(instanceId) ?? 0,
    }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#aborter.abort()
    await this.#following
  }

  async #follow(discovery: Discovery): Promise<void> {
    for await (const events of discovery.watch(this.#aborter.signal)) for (const event of events) this.#take(event)
  }

  #take(event: DiscoveryEvent): void {
    switch (event.kind) {
      case 'snapshot':
        this.#runners.clear()
        this.#locks.clear()
        for (const runner of event.runners) this.#runners.set(runner.instanceId, runner)
        for (const { shard, instanceId } of event.locks) this.#locks.set(shard, instanceId)
        return
      case 'runnerChanged':
        this.#runners.set(event.runner.instanceId, event.runner)
        return
      case 'runnerLeft':
        this.#runners.delete(event.instanceId)
        return
      case 'shardLocked':
        this.#locks.set(event.lock.shard, event.lock.instanceId)
        return
      case 'shardUnlocked':
        this.#locks.delete(event.shard)
        return
    }
  }
}
