import type { Operation, Unit } from '@cruster/core/ports'

/** Bounds of a batch: a larger one gains nothing, and makes all wait for the last of it. */
const mostUnits = 1000
const mostBytes = 8_000_000

/** What waits to be committed, whatever else its owner keeps with it. */
interface Waiting {
  readonly units: readonly Unit[]
}

/** Calls that are to be committed together, and what they concern. */
export interface Batch<Call> {
  readonly calls: readonly Call[]
  readonly units: readonly Unit[]
  readonly subjects: Subjects
}

/** What a batch may hold. */
export interface BatchBounds {
  /** Batches that are under way. */
  readonly underWay: Iterable<{ readonly subjects: Subjects }>
  /** Units that it should not exceed, unless a single call does. */
  readonly units: number
}

/**
 * Takes calls out of `waiting`, from the front, that may be committed beside what is under way: as many as fit.
 *
 * A call stays behind those that came before it and concern the same: it is skipped while one of them is under way or skipped.
 */
export function takeBatch<Call extends Waiting>(waiting: Call[], { underWay, units: most }: BatchBounds): Batch<Call> {
  const calls: Call[] = []
  const units: Unit[] = []
  const subjects = new Subjects()
  const skipped: Call[] = []
  const skippedSubjects = new Subjects()
  const blocked = [...Array.from(underWay, (batch) => batch.subjects), skippedSubjects]
  let bytes = 0
  let taken = 0
  for (const call of waiting) {
    if (blocked.some((others) => others.meet(call.units))) {
      skippedSubjects.add(call.units)
      skipped.push(call)
      taken++
      continue
    }
    bytes += sizeOf(call.units)
    if (calls.length > 0 && (units.length + call.units.length > Math.min(most, mostUnits) || bytes > mostBytes)) break
    subjects.add(call.units)
    units.push(...call.units)
    calls.push(call)
    taken++
  }
  waiting.splice(0, taken, ...skipped)
  return { calls, units, subjects }
}

/**
 * What units concern, as far as their order matters: the shards whose claims and counters they use, and the messages that they
 * change. Of an owner's other effects, those on one entity belong to one shard.
 */
export class Subjects {
  readonly #subjects = new Set<string>()

  add(units: readonly Unit[]): void {
    const subjects = this.#subjects
    for (const { fence, operations } of units) {
      if (fence !== undefined) subjects.add(fence.shard)
      for (const operation of operations) {
        const message = messageOf(operation)
        if (message !== undefined) subjects.add(message)
        if (operation.kind === 'saveMessage') subjects.add(operation.message.address.shard)
      }
    }
  }

  /** Whether units concern any of it. */
  meet(units: readonly Unit[]): boolean {
    if (this.#subjects.size === 0) return false
    for (const { fence, operations } of units) {
      if (fence !== undefined && this.#subjects.has(fence.shard)) return true
      for (const operation of operations) if (this.#meetsOperation(operation)) return true
    }
    return false
  }

  #meetsOperation(operation: Operation): boolean {
    const message = messageOf(operation)
    if (message === undefined) return false
    if (this.#subjects.has(message)) return true
    return operation.kind === 'saveMessage' && this.#subjects.has(operation.message.address.shard)
  }
}

/** The message that an operation adds or changes. */
function messageOf(operation: Operation): string | undefined {
  switch (operation.kind) {
    case 'saveMessage':
      return operation.message.id
    case 'completeMessage':
    case 'cancelMessage':
    case 'countAttempt':
    case 'buryMessage':
    case 'reviveMessage':
      return operation.id
    default:
      return undefined
  }
}

function sizeOf(units: readonly Unit[]): number {
  let bytes = 0
  for (const { operations } of units) for (const operation of operations) bytes += payloadOf(operation)
  return bytes
}

function payloadOf(operation: Operation): number {
  switch (operation.kind) {
    case 'saveMessage':
      return operation.message.payload.byteLength
    case 'putState':
      return operation.state.byteLength
    case 'saveReply':
    case 'buryMessage':
      return operation.exit.byteLength
    case 'appendJournal':
      return operation.entries.reduce((bytes, entry) => bytes + entry.byteLength, 0)
    default:
      return 0
  }
}
