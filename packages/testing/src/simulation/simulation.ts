import type { AnyEntity, Connectable, Duration, EntityClient, EntityMethods } from '@cruster/core'
import { ShuttingDown, parseDuration } from '@cruster/core'
import type { VirtualClock } from '@cruster/core/memory'
import type { Storage } from '@cruster/core/ports'
import { History } from '../history/history.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Dice } from './dice.ts'
import type { Fault } from './fault.ts'
import type { AuditedMessage } from './ownership-audit.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'
import type { Violation } from './violation.ts'

/** A simulated cluster, as the work in it sees it. */
export class Simulation {
  readonly #cluster: SimulatedCluster
  readonly #recorder: Recorder
  readonly #violations: Violation[] = []
  readonly #timeoutMs: number
  /** Chance for the work, of its own. */
  readonly dice: Dice
  /** The faults of the run. */
  readonly plan: readonly Fault[]

  /** @internal */
  constructor(cluster: SimulatedCluster, recorder: Recorder, plan: readonly Fault[]) {
    this.plan = plan
    this.#cluster = cluster
    this.#recorder = recorder
    this.#timeoutMs = parseDuration(cluster.world.config.callTimeout ?? '30s', 'callTimeout')
    this.dice = cluster.world.dice.named('work')
  }

  /** Virtual milliseconds since the work began. */
  get nowMs(): number {
    return this.#cluster.world.trace.nowMs
  }

  get clock(): VirtualClock {
    return this.#cluster.world.clock
  }

  /** What all runners share, not going through any fault. */
  get storage(): Storage {
    return this.#cluster.world.storage
  }

  /** What was done so far. */
  get history(): History {
    return new History(this.#recorder.operations)
  }

  /** Every message that was ever stored, oldest first, with what became of it. */
  get messages(): readonly AuditedMessage[] {
    return [...this.#cluster.world.audit.messages.values()]
  }

  /** Names of the runners that run now. */
  get running(): readonly string[] {
    return this.#cluster.running.map(({ name }) => name)
  }

  /** Entities in memory on runners that run. */
  get residentEntities(): number {
    return this.#cluster.residentEntities
  }

  /** Which process owns a shard from storage's point of view. */
  ownerOf(shard: AuditedMessage['address']['shard']): { readonly owner: string; readonly epoch: number } | undefined {
    return this.#cluster.world.audit.ownerOf(shard)
  }

  get violations(): readonly Violation[] {
    return this.#violations
  }

  /**
   * Reaches entities, and writes down what is done with them: from a process of its own, or from one of the runners.
   *
   * @throws ShuttingDown when that runner does not run.
   */
  client<C extends AnyEntity>(contract: C, from = 'client'): EntityClient<EntityMethods<C>> {
    const client = this.#cluster.client(contract, from)
    if (client === undefined) throw new ShuttingDown()
    return this.#recorder.watch(contract, client, { name: from, timeoutMs: this.#timeoutMs })
  }

  /**
   * The client of a contract that makes its own, such as a workflow. What is done with it is not written down.
   *
   * @throws ShuttingDown when the runner does not run.
   */
  connect<Client>(contract: Connectable<Client>, from = 'client'): Client {
    const client = this.#cluster.connected(contract, from)
    if (client === undefined) throw new ShuttingDown()
    return client
  }

  /** Lets the work wait in virtual time. */
  async sleep(duration: Duration): Promise<void> {
    const ms = parseDuration(duration, 'sleep')
    await new Promise<void>((resolve) => this.#cluster.world.clock.setTimer(ms, resolve))
  }

  /** Adds a line to the trace. */
  note(text: string, about?: string): void {
    this.#cluster.world.trace.add(text, about)
  }

  /** Says that a promise was broken. The run goes on, and fails at its end. */
  report(violation: Violation): void {
    this.note(`VIOLATION ${violation.message}`, violation.about)
    this.#violations.push(violation)
  }
}
