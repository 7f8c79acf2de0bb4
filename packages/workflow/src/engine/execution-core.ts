import { Postponed } from '@cruster/sharding/extension'
import type { EntityScope, HeldState } from '@cruster/sharding/extension'
import type { RequestId } from '@cruster/core'
import type { Operation as StorageOperation } from '@cruster/core/ports'
import { Defect, NonDeterminismError, VersionNotRegistered, entityKey } from '@cruster/core'
import type { OwnEntity } from '../context/body-scope.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'
import { entityIdOf } from '../protocol/execution-contract.ts'
import { Replay } from '../replay/replay.ts'
import type { Task } from '../context/task.ts'
import { givenUp } from './given-up.ts'
import type { Conclusion } from './held-calls.ts'
import { HeldCalls } from './held-calls.ts'
import type { Commit } from './journal-writer.ts'
import { Listing } from './listing.ts'
import { LiveRun } from './live-run.ts'
import { OperationStarter } from './operation-starter.ts'
import { Outgoing, save } from './outgoing.ts'
import type { ProgramRegistry } from './program-registry.ts'
import { RecordedExecution, loadJournal } from './recorded-execution.ts'
import { RunScope } from './run-scope.ts'
import { ResultWaiters } from './result-waiters.ts'
import type { RestingRuns } from './resting-runs.ts'
import { UnitGate } from './unit-gate.ts'
import type { WorkflowProgram } from './workflow-program.ts'

/** What one execution in memory is made of. */
export interface CoreParts {
  readonly scope: EntityScope
  readonly registry: ProgramRegistry
  readonly resting: RestingRuns
}

/** What one execution in memory tells who drives it. */
export interface CoreEvents {
  /** Something has happened that the loop has to look at. */
  readonly changed: () => void
  /** What the loop could not store can be stored now. */
  readonly freed: () => void
}

/** One execution in memory: its journal, its run, the messages that it holds. Who drives it is `Execution`. */
export class ExecutionCore {
  readonly scope: EntityScope
  readonly registry: ProgramRegistry
  readonly outgoing: Outgoing
  readonly held = new HeldCalls()
  readonly listing = new Listing(this)
  readonly waiters: ResultWaiters
  readonly gate: UnitGate
  #calledBack: Set<RequestId> | undefined
  run: LiveRun | undefined
  /** The shard is being given up: nothing begins any more. */
  isDraining = false
  readonly #resting: RestingRuns
  readonly #changed: () => void
  readonly #commit: Commit = (operations) => this.scope.commit(operations)
  #recorded: RecordedExecution | undefined
  #loading: Promise<void> | undefined
  #state: HeldState | undefined
  #isWarnedOfSize = false
  #isWarnedOfWait = false

  constructor({ scope, registry, resting }: CoreParts, { changed, freed }: CoreEvents) {
    this.#resting = resting
    this.#changed = changed
    this.scope = scope
    this.registry = registry
    this.outgoing = new Outgoing(scope, registry.contract)
    this.waiters = new ResultWaiters(scope.services.clock)
    this.gate = new UnitGate(freed)
  }

  /** `Workflow/ProcessOrder/order-7`. */
  get name(): string {
    return entityKey(this.scope.address)
  }

  get now(): number {
    return this.scope.services.clock.now()
  }

  /** What is recorded. Only after {@link load}. */
  get recorded(): RecordedExecution {
    if (this.#recorded === undefined) throw new Defect(`${this.name} has not been loaded.`)
    return this.#recorded
  }

  get isLoaded(): boolean {
    return this.#recorded !== undefined
  }

  /** Its journal is being read: whoever asks for the same is served best by that. */
  get isLoading(): boolean {
    return this.#loading !== undefined
  }

  get isUnknown(): boolean {
    return this.recorded.started === undefined
  }

  /** Reads what is recorded, unless that is here. Concurrent calls share one read. */
  load(): Promise<void> {
    if (this.#recorded !== undefined) return Promise.resolve()
    this.#loading ??= this.#load()
    return this.#loading
  }

  async #load(): Promise<void> {
    const { address, services } = this.scope
    try {
      this.#recorded = new RecordedExecution(address, await loadJournal(services.storage, address))
    } finally {
      this.#loading = undefined
    }
  }

  /** The version on which it runs. @throws Postponed when this runner does not have it. */
  get program(): WorkflowProgram {
    const version = this.recorded.started?.version
    const program = version === undefined ? this.registry.newest() : this.registry.get(version)
    return program ?? this.missing(version ?? 0)
  }

  /** How it is listed, on a runner that may not have its version. */
  get described(): Pick<WorkflowProgram, 'workflow' | 'retainMs'> {
    const version = this.recorded.started?.version ?? 0
    return this.registry.get(version) ?? this.registry.newest() ?? this.missing(version)
  }

  missing(version: number): never {
    const cause = new VersionNotRegistered(this.name, version, this.registry.versions)
    throw new Postponed(cause.message, { cause })
  }

  /** Whether this runner does not have the version on which it runs. */
  get lacksVersion(): boolean {
    return (
      this.run === undefined && this.isRunnable && this.registry.get(this.recorded.started?.version ?? 0) === undefined
    )
  }

  /** Whether there is something to run. */
  get isRunnable(): boolean {
    const { started, ended, paused } = this.recorded
    return started !== undefined && ended === undefined && paused?.by !== 'mismatch'
  }

  /** Whether everything is at hand that a body can read; see {@link prepare}. */
  get isPrepared(): boolean {
    if (this.#state !== undefined) return true
    if (this.run !== undefined) return this.run.scope.entity === undefined
    return !this.isRunnable || this.program.entity === undefined
  }

  /** Has at hand what a body can read: the state of the entity whose method it is. */
  async prepare(): Promise<void> {
    const { entity } = this.program
    if (entity === undefined) return
    this.#state = await this.scope.stateOf(entity, entityIdOf(this.scope.address.id))
  }

  /** Lets go of the entity, which may leave memory. */
  releaseState(): void {
    this.#state?.release()
    this.#state = undefined
  }

  /** Brings the body to where it was, by the time that it is quiet. */
  ensureRun(): LiveRun | undefined {
    if (!this.isRunnable) return undefined
    this.run ??= this.#liveRun(this.recorded.entries, (entry) => {
      this.recorded.recorded(entry)
    })
    return this.run
  }

  /** Runs the body over what is recorded, without any effect: to ask it something. */
  async inspect(): Promise<LiveRun> {
    const run = this.#liveRun([...this.recorded.entries], () => {})
    const standing = await run.advanceToEnd()
    const { mismatch } = run.replay
    if (standing === 'mismatch' && mismatch !== undefined) throw new NonDeterminismError(mismatch)
    return run
  }

  /** As {@link inspect}, over what is stored; undefined when that does not fit, or is none. */
  async inspectStored(): Promise<LiveRun | undefined> {
    const { entries } = await loadJournal(this.scope.services.storage, this.scope.address)
    if (entries[0]?.kind !== 'started') return undefined
    const run = this.#liveRun(entries, () => {})
    await run.advanceToEnd()
    return run
  }

  /** The body leaves memory; what is recorded brings it back. */
  dropRun(cause: string): void {
    const { run } = this
    if (run !== undefined && run.attempts.size > 0) run.abort(givenUp(this, cause))
    this.run = undefined
  }

  /** Everything leaves memory that can be read again. */
  forget(): void {
    this.releaseState()
    this.run = undefined
    this.#recorded = undefined
  }

  /** Records, with operations that belong to it. */
  record(entry: JournalEntry, ...operations: Parameters<RecordedExecution['record']>[1] & object): void {
    this.recorded.record(entry, operations)
  }

  starter(): OperationStarter {
    return new OperationStarter(this.scope, this.outgoing, this.recorded.started?.run ?? 1)
  }

  /** Whether a timer was called back. It may have been delivered before. */
  isCalledBack(timer: RequestId): boolean {
    return this.#calledBack?.has(timer) === true
  }

  /** Calls a timer back, unless it is here: then it may be the message that keeps the execution awake. */
  callBack(timer: RequestId): readonly StorageOperation[] {
    if (this.held.ids.includes(timer)) return []
    this.#calledBack ??= new Set()
    this.#calledBack.add(timer)
    return [{ kind: 'cancelMessage', id: timer, ifPending: true }]
  }

  /** Stores what is recorded, and concludes what is held. */
  store(conclusion: Conclusion): Promise<void> {
    const done = (): void => {
      conclusion.done()
      this.#warnOfSize()
    }
    return this.gate.store(this.recorded.writer.flush(this.#commit, conclusion.operations, done))
  }

  /** Stores what is recorded while the execution goes on: one message stays pending, which wakes it after a crash. */
  storeRunning(): Promise<void> {
    const others = this.held.concludeOthers()
    if (others !== undefined) return this.store(others)
    if (!this.held.isEmpty) this.recorded.writer.also(save(this.outgoing.own({ kind: 'wake' })))
    return this.store(this.held.concludeAll())
  }

  /** Stores what is recorded, and rests. */
  storeAll(): Promise<void> {
    if (this.held.isEmpty && this.recorded.writer.isEmpty) return Promise.resolve()
    this.listing.ensure()
    return this.store(this.held.concludeAll())
  }

  rests(): void {
    this.releaseState()
    this.#resting.add(this)
  }

  warnOfWait(): void {
    if (this.#isWarnedOfWait) return
    this.#isWarnedOfWait = true
    this.scope.log.log(
      'warn',
      'A workflow waits for something that is not recorded. It stays in memory until that comes, and a crash starts it over. ' +
        'Wait for durable operations only; do everything else in activities.',
    )
  }

  #warnOfSize(): void {
    if (this.#isWarnedOfSize || this.isUnknown) return
    const program = this.registry.get(this.recorded.started?.version ?? 0)
    const { size, bytes } = this.recorded.writer
    if (program === undefined || (size < program.limits.warnEntries && bytes < program.limits.warnBytes)) return
    this.#isWarnedOfSize = true
    const { maxEntries, maxBytes } = program.limits
    this.scope.log.log(
      'warn',
      'The journal of a workflow has become large. Begin a new run with continueAsNew before it reaches its limit.',
      { entries: size, bytes, maxEntries, maxBytes },
    )
  }

  #ownEntity({ entity: contract }: WorkflowProgram): OwnEntity | undefined {
    if (contract === undefined) return undefined
    const { shard, id } = this.scope.address
    const address = { shard, type: contract.name, id: entityIdOf(id) }
    return { contract, address, state: () => this.#state?.current() }
  }

  #liveRun(entries: JournalEntry[], onRecord: (entry: JournalEntry) => void): LiveRun {
    const replay = new Replay<Task>(this.name, entries, onRecord)
    const { version } = replay.started
    const program = this.registry.get(version) ?? this.missing(version)
    const entity = this.#ownEntity(program)
    const changed = this.#changed
    return new LiveRun(new RunScope(this.scope, { program, replay, entity, asked: changed }), changed)
  }
}
