import { addressOf } from '@cruster/sharding/extension'
import type { PlacementSettings } from '@cruster/sharding/extension'
import { ExecutionNotFound, IdempotencyConflict, encodeError, encodeExit } from '@cruster/core'
import type { NewMessage } from '@cruster/core/ports'
import type { JournalEntry, Started } from '../journal/journal-entry.ts'
import type { ParentLink, StartMessage } from '../protocol/execution-message.ts'
import { FirstRun } from '../journal/new-entries.ts'
import { sameBytes } from '../replay/step-text.ts'
import type { StartArrival } from './arrival.ts'
import type { ExecutionCore } from './execution-core.ts'
import { hold, holdAgain } from './holding.ts'
import { keptBefore } from './kept-entries.ts'
import { save } from './outgoing.ts'
import { loadJournal } from './recorded-execution.ts'

/** Handles a start: begins the execution, or joins it. A promise only where another execution is read for it. */
export function start(core: ExecutionCore, arrival: StartArrival, placement: PlacementSettings): void | Promise<void> {
  if (core.recorded.handled.has(arrival.call.request.id)) return holdAgain(core, arrival)
  if (!core.isUnknown) return join(core, arrival)
  const { input, digest, version, parent, fork } = arrival.body
  const begun = {
    at: core.now,
    parents: parent === undefined ? none : [parent],
    handled: Array.of(arrival.call.request.id),
  }
  if (fork !== undefined) return startFork(core, arrival, { begun, fork, placement })
  const newest = version ?? core.registry.newest()?.version ?? 0
  begin(core, arrival, [new FirstRun(begun, { version: newest, input, digest, carried: none })])
}

function begin(core: ExecutionCore, arrival: StartArrival, entries: readonly [Started, ...JournalEntry[]]): void {
  const [{ version }] = entries
  if (core.registry.get(version) === undefined) core.missing(version)
  core.recorded.begin(entries)
  hold(core, arrival, 'accepted')
}

const none: readonly never[] = []

interface Fork {
  readonly begun: Pick<Started, 'at' | 'parents' | 'handled'>
  readonly fork: NonNullable<StartMessage['fork']>
  readonly placement: PlacementSettings
}

async function startFork(core: ExecutionCore, arrival: StartArrival, { begun, fork, placement }: Fork): Promise<void> {
  const { storage } = core.scope.services
  const { entries } = await loadJournal(storage, addressOf(core.registry.contract, fork.id, placement))
  const source = entries[0]
  if (source?.kind !== 'started') throw new ExecutionNotFound(`${core.scope.address.type}/${fork.id}`)
  const { kept, carried } = keptBefore(entries, fork.beforeStep)
  const started = new FirstRun(begun, {
    version: arrival.body.version ?? source.version,
    input: source.input,
    digest: source.digest,
    carried: [...source.carried, ...carried],
  })
  begin(core, arrival, [started, ...kept])
}

/** It has begun before. */
function join(core: ExecutionCore, arrival: StartArrival): void {
  const { started, ended } = core.recorded
  const { digest, parent } = arrival.body
  const isSame = digest.length === 0 || sameBytes(digest, started?.digest)
  if (parent !== undefined && !isSame) return refuseParent(core, arrival, parent)
  if (parent !== undefined && ended === undefined) {
    core.record({ kind: 'joined', parent, message: arrival.call.request.id })
    return hold(core, arrival, 'joined')
  }
  if (parent !== undefined && ended !== undefined) {
    core.recorded.writer.also(save(childEnded(core, parent, ended.exit)))
    return hold(core, arrival, 'joined')
  }
  arrival.end(isSame ? 'joined' : 'conflict')
}

/** A parent that waited for an execution which is not the one that it meant would wait for ever. */
function refuseParent(core: ExecutionCore, arrival: StartArrival, parent: ParentLink): void {
  const error = encodeError(new IdempotencyConflict(core.name, 'start'))
  const exit = encodeExit({ kind: 'failure', error })
  core.recorded.writer.also(save(childEnded(core, parent, exit)))
  hold(core, arrival, 'conflict')
}

/** Tells a parent how its child ended. */
export function childEnded(core: ExecutionCore, parent: ParentLink, exit: Uint8Array): NewMessage {
  return core.outgoing.tell(parent, { kind: 'childEnded', run: parent.run, step: parent.step, exit })
}
