import { requestId, type EntityAddress, type RequestId } from '@cruster/core'
import type { ReplyReader, StateReader } from '@cruster/core/ports'
import { addressOf, bytesOf, numberOf, optional } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'
import { textArray } from '../write/sql-arrays.ts'
import { GatheredReads, type Gathering } from './gathered-reads.ts'
import type { Read } from './postgres-message-reader.ts'

/** Reads states as they are committed. */
export function stateReader(gathering: Gathering, names: SqlNames): StateReader {
  const gathered = gatheredRows(gathering, (addresses: readonly EntityAddress[]) => statesStatement(names, addresses))
  return {
    async load(address) {
      const row = await gathered.read(address)
      return row === undefined ? undefined : { version: numberOf(row, 'version'), state: bytesOf(row, 'state') }
    },
  }
}

/** Reads replies as they are committed. */
export function replyReader(gathering: Gathering, names: SqlNames): ReplyReader {
  const gathered = gatheredRows(gathering, (ids: readonly RequestId[]) => repliesStatement(names, ids))
  return {
    async find(id) {
      const row = await gathered.read(id)
      if (row === undefined) return undefined
      return {
        id: requestId(id),
        address: addressOf(row),
        digest: optional(row, 'digest', bytesOf),
        exit: bytesOf(row, 'exit'),
        storedAt: numberOf(row, 'stored_at'),
      }
    },
  }
}

/** @internal For tests of its plan. `asked` is the place in the list, from 1. */
export function statesStatement({ states }: SqlNames, addresses: readonly EntityAddress[]): Statement {
  const text = `
select q.asked, s.version, s.state
from unnest($1::text[], $2::text[]) with ordinality q(type, entity, asked)
join ${states} s on s.type = q.type and s.entity = q.entity`
  const types = textArray(addresses.map(({ type }) => toStoredText(type)))
  const ids = textArray(addresses.map(({ id }) => toStoredText(id)))
  return { name: 'cruster_load', text, values: [types, ids] }
}

/** @internal For tests of its plan. `asked` is the place in the list, from 1. */
export function repliesStatement({ replies }: SqlNames, ids: readonly RequestId[]): Statement {
  const text = `
select q.asked, r.shard, r.type, r.entity, r.digest, r.exit, r.stored_at
from unnest($1::text[]) with ordinality q(id, asked) join ${replies} r on r.id = q.id`
  return { name: 'cruster_find_reply', text, values: [textArray(ids.map(toStoredText))] }
}

/** Reads with at most one row for each key, which says in `asked` which key it is for. */
function gatheredRows<Key>(
  gathering: Gathering,
  statementOf: (keys: readonly Key[]) => Statement,
): GatheredReads<Key, Row | undefined> {
  return new GatheredReads(gathering, async (keys) => byPlace(keys.length, await gathering.read(statementOf(keys))))
}

/** One for each that was asked for, where there is one; `asked` counts from 1. */
function byPlace(count: number, rows: readonly Row[]): readonly (Row | undefined)[] {
  const places = Array.from({ length: count }, (): Row | undefined => undefined)
  for (const row of rows) places[numberOf(row, 'asked') - 1] = row
  return places
}

export async function readNewestEpoch(read: Read, { shards }: SqlNames): Promise<number> {
  const [row] = await read({ text: `select coalesce(max(epoch), 0)::int8 as epoch from ${shards}` })
  return row === undefined ? 0 : numberOf(row, 'epoch')
}
