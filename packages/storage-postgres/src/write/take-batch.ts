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
  readonly subjects: ReadonlySet<string>
}

/** What a batch may hold. */
export interface BatchBounds {
  /** Subjects of the batches that are under way. */
  readonly busy: { has(subject: string): boolean }
  /** Units that it should not exceed, unless a single call does. */
  readonly units: number
}

/**
 * Takes calls out of `waiting`, from the front, that may be committed beside what is under way: as many as fit.
 *
 * A call stays behind those that came before it and concern the same: it is skipped while one of them is under way or skipped.
 */
export function takeBatch<Call extends Waiting>(waiting: Call[], { busy, units: most }: BatchBounds): Batch<Call> {
  const calls: Call[] = []
  const units: Unit[] = []
  const subjects = new Set<string>()
  const skipped: Call[] = []
  const blocked = new Set<string>()
  let bytes = 0
  let taken = 0
  for (const call of waiting) {
    const own = subjectsOf(call.units)
    if (own.some((subject) => busy.has(subject) || blocked.has(subject))) {
      for (const subject of own) blocked.add(subject)
      skipped.push(call)
      taken++
      continue
    }
    bytes += sizeOf(call.units)
    if (calls.length > 0 && (units.length + call.units.length > Math.min(most, mostUnits) || bytes > mostBytes)) break
    for (const subject of own) subjects.add(subject)
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
function subjectsOf(units: readonly Unit[]): readonly string[] {
  const subjects: string[] = []
  for (const { fence, operations } of units) {
    if (fence !== undefined) subjects.push(fence.shard)
    for (const operation of operations) addSubjects(subjects, operation)
  }
  return subjects
}

function addSubjects(subjects: string[], operation: Operation): void {
  switch (operation.kind) {
    case 'saveMessage':
      subjects.push(operation.message.address.shard, operation.message.id)
      return
    case 'completeMessage':
    case 'cancelMessage':
    case 'countAttempt':
    case 'buryMessage':
    case 'reviveMessage':
      subjects.push(operation.id)
      return
    default:
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
