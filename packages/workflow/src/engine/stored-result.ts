import { sameBytes } from '../replay/step-text.ts'
import { decodeEntry } from '../journal/entry-codec.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'
import type { ResultAnswer } from '../protocol/result.ts'
import { running } from '../protocol/result.ts'
import type { ExecutionCore } from './execution-core.ts'

/** What is known of the end of an execution; `running` when it has begun and not ended. */
export async function storedResult(core: ExecutionCore, digest: Uint8Array | undefined): Promise<ResultAnswer> {
  if (core.isLoaded) return loadedResult(core, digest)
  const ends = await storedEnds(core)
  return resultOf(core, ends, digest)
}

/** As {@link storedResult}, of one whose journal is in memory. */
export function loadedResult(core: ExecutionCore, digest: Uint8Array | undefined): ResultAnswer {
  return resultOf(core, firstAndLast(core.recorded.entries), digest)
}

function resultOf(core: ExecutionCore, [first, last]: Ends, digest: Uint8Array | undefined): ResultAnswer {
  if (first?.kind !== 'started') return { kind: 'unknown' }
  if (digest !== undefined && first.run === 1 && !sameBytes(digest, first.digest)) return { kind: 'conflict' }
  if (last?.kind !== 'ended' || isUnstored(core)) return running
  return { kind: 'ended', status: last.status, exit: last.exit }
}

type Ends = readonly [first: JournalEntry | undefined, last: JournalEntry | undefined]

const firstAndLast = (entries: readonly JournalEntry[]): Ends => [entries[0], entries.at(-1)]

/** An end is told when it is stored. */
function isUnstored(core: ExecutionCore): boolean {
  return core.isLoaded && !core.recorded.writer.isStored
}

async function storedEnds({ scope }: ExecutionCore): Promise<Ends> {
  const { address, services } = scope
  const { journals } = services.storage
  const size = await journals.size(address)
  if (size === 0) return [undefined, undefined]
  const [first] = await journals.read({ address, after: 0, limit: 1 })
  const [last] = await journals.read({ address, after: size - 1, limit: 1 })
  return [first === undefined ? undefined : decodeEntry(first), last === undefined ? undefined : decodeEntry(last)]
}
