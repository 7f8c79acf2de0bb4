import type { CallTarget, RequestId } from '@cruster/core'
import { Interrupted, entityKey } from '@cruster/core'
import type { MessageStatus, NewMessage, Operation, UnitResult } from '@cruster/core/ports'
import type { EntityScope, NativeCall } from '@cruster/sharding/extension'
import type { ScheduleEffect, ScheduleEvent } from './schedule-event.ts'
import { reduceSchedule } from './reduce-schedule.ts'
import type { ScheduleContract } from './schedule-contract.ts'
import type { ScheduleState } from './schedule-state.ts'
import type { StoredSchedule } from './stored-schedule.ts'
import { decodeSchedule, encodeSchedule, neededMessages, nothingStored, runKey, wakeKey } from './stored-schedule.ts'

/** What else belongs into a unit beside the new state. */
export interface Surrounding {
  /** The call that the event came with: concluded by the same unit. */
  readonly call?: NativeCall
  /** What the call is answered with. */
  readonly output?: (before: ScheduleState, after: ScheduleState) => unknown
  /** More messages of the same unit. */
  readonly others?: (before: ScheduleState, after: ScheduleState) => readonly NewMessage[]
}

/** The stored state of one schedule: transitions are made one at a time, each stored with everything that it sends. */
export class ScheduleCell {
  readonly #scope: EntityScope
  readonly #contract: ScheduleContract
  #stored: StoredSchedule = nothingStored
  #version = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(scope: EntityScope, contract: ScheduleContract) {
    this.#scope = scope
    this.#contract = contract
  }

  get state(): ScheduleState {
    return this.#stored.state
  }

  async load(): Promise<void> {
    const { services, address } = this.#scope
    const found = await services.storage.states.load(address)
    if (found === undefined) return
    this.#stored = decodeSchedule(found.state, entityKey(address))
    this.#version = found.version
  }

  /** What the messages that the schedule needs to go on have come to, by what they are for. Undefined: lost. */
  async messages(): Promise<ReadonlyMap<string, MessageStatus | undefined>> {
    const found = Object.entries(this.#stored.messages).map(
      async ([key, id]) => [key, await this.#statusOf(id)] as const,
    )
    return new Map(await Promise.all(found))
  }

  async #statusOf(id: RequestId): Promise<MessageStatus | undefined> {
    const { messages, replies } = this.#scope.services.storage
    const record = await messages.find(id)
    if (record !== undefined) return record.status
    // What is answered may be forgotten.
    return (await replies.find(id)) === undefined ? undefined : 'completed'
  }

  /**
   * Makes one transition. Resolves when it is stored, with the call's conclusion. False: the message that the event came with
   * was cancelled meanwhile, so that there is no such event.
   */
  async apply(event: ScheduleEvent, surrounding: Surrounding = {}): Promise<boolean> {
    return this.#exclusive(async () => this.#apply(event, surrounding))
  }

  /**
   * The state with every transition whose storing was begun. A message that a transition sends can arrive here before the
   * transition itself is known to be stored.
   */
  async latest(): Promise<ScheduleState> {
    return this.#exclusive(async () => this.state)
  }

  /** Has the state for itself until the work is done. */
  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last
    const mine = before.then(work, work)
    this.#last = mine.catch(() => undefined)
    return mine
  }

  async #apply(event: ScheduleEvent, { call, output, others }: Surrounding): Promise<boolean> {
    const { clock, random } = this.#scope.services
    const { state, effects } = reduceSchedule(this.state, event, { now: clock.now(), random: () => random.next() })
    const sent = effects.map((effect) => ({ key: keyOf(effect), message: this.#message(effect) }))
    const messages = this.#messagesOf(state, sent)
    const next: StoredSchedule = { state, messages }
    const unneeded = Object.entries(this.#stored.messages).filter(
      ([key, id]) => !(key in messages) && id !== call?.request.id,
    )
    const operations: readonly Operation[] = [
      ...(call?.conclude(output?.(this.state, state)) ?? []),
      { kind: 'putState', address: this.#scope.address, version: this.#version + 1, state: encodeSchedule(next) },
      ...[...sent.map(({ message }) => message), ...(others?.(this.state, state) ?? [])].map(saving),
      ...unneeded.map(([, id]) => ({ kind: 'cancelMessage', id, ifPending: true }) as const),
    ]
    const result = await this.#commit(operations)
    // Nothing else in the unit can be gone: what it cancels may have been completed.
    if (result.kind === 'gone') return false
    this.#check(result)
    this.#stored = next
    this.#version += 1
    return true
  }

  async #commit(operations: readonly Operation[]): Promise<UnitResult> {
    try {
      return await this.#scope.commit(operations)
    } catch (error) {
      // Nobody knows what is stored now: the next life reads it.
      this.#scope.restart(error instanceof Error ? error : this.#refused(`storage said ${String(error)}`))
      throw error
    }
  }

  #check(result: UnitResult): void {
    if (result.kind === 'applied') return
    const reason = this.#refused(`its unit was refused as ${result.kind}`)
    if (result.kind !== 'fenced') this.#scope.restart(reason)
    throw reason
  }

  #refused(cause: string): Interrupted {
    return new Interrupted(entityKey(this.#scope.address), { outcome: 'not-started', cause })
  }

  #messagesOf(
    state: ScheduleState,
    sent: readonly { readonly key: string; readonly message: NewMessage }[],
  ): StoredSchedule['messages'] {
    const needed = neededMessages(state)
    const all = [
      ...Object.entries(this.#stored.messages),
      ...sent.map(({ key, message }) => [key, message.id] as const),
    ]
    return Object.fromEntries(all.filter(([key]) => needed.has(key)))
  }

  #message(effect: ScheduleEffect): NewMessage {
    const { due, kind, ...input } = effect
    const late = due <= this.#scope.services.clock.now()
    return this.#scope.message(this.target(kind), input, late ? {} : { due: { at: due } })
  }

  /** A method of this schedule, as the target of a message. */
  target(name: 'wake' | 'run' | 'ended'): CallTarget {
    const method = this.#contract.methods[name]
    return { contract: this.#contract, id: this.#scope.address.id, name, method }
  }
}

const saving = (message: NewMessage): Operation => ({ kind: 'saveMessage', message })

function keyOf(effect: ScheduleEffect): string {
  return effect.kind === 'wake' ? wakeKey(effect.wake) : runKey(effect.run, effect.attempt)
}
