import { rowsOf } from '../rows-of.ts'
import { numberArray, textArray } from '../sql-arrays.ts'
import { toStoredText } from '../../stored-text.ts'
import type { AssumedEnd, AssumedFacts, AssumedVersion } from '../../decide/assumed-facts.ts'
import { keyOf } from '../../decide/entity-key.ts'
import { inOrder } from '../../decide/in-order.ts'
import type { SqlNames } from '../../schema/sql-names.ts'
import { storedTexts, type Writing } from './write-part.ts'

/** A condition that has to hold for what was assumed, part of the verdict. */
export interface AssumptionPart {
  readonly key: string
  readonly isNeeded: (assumed: AssumedFacts, writing: Writing) => boolean
  readonly sql: (names: SqlNames, arrays: readonly string[]) => string
  readonly values: (assumed: AssumedFacts, writing: Writing) => readonly string[]
}

/**
 * The fence: shares the rows of the claims, in the order of the shards, until the transaction ends. A claim's UPDATE waits
 * for that; and a statement that waited for a claim finds no row with its epoch any more.
 */
const fences: AssumptionPart = {
  key: 'F',
  isNeeded: ({ fences: assumed }) => assumed.size > 0,
  values: ({ fences: assumed }) => {
    const sorted = [...assumed].toSorted(([one], [other]) => (one < other ? -1 : 1))
    return [textArray(storedTexts(sorted.map(([shard]) => shard))), numberArray(sorted.map(([, epoch]) => epoch))]
  },
  sql: ({ shards }, arrays) => `(
    select count(*) from (
      select 1
      from ${rowsOf({ shard: 'text', epoch: 'int8' }, arrays)} f
      join ${shards} s on s.shard = f.shard and s.epoch = f.epoch
      for share of s
    ) held
  ) = cardinality(${arrays[0]}::text[])`,
}

/** Of states that are only looked at. Those that are written are compared when they are. */
const versions: AssumptionPart = {
  key: 'V',
  isNeeded: (assumed, writing) => onlyExpected(assumed, writing).length > 0,
  values: (assumed, writing) => {
    const known = onlyExpected(assumed, writing)
    return [
      textArray(storedTexts(known.map(({ address }) => address.type))),
      textArray(storedTexts(known.map(({ address }) => address.id))),
      numberArray(known.map(({ version }) => version)),
    ]
  },
  sql: ({ states }, arrays) => `not exists (
    select from ${rowsOf({ type: 'text', entity: 'text', version: 'int8' }, arrays)} e
    left join ${states} s on s.type = e.type and s.entity = e.entity
    where coalesce(s.version, 0) <> e.version
  )`,
}

/**
 * Of journals that go on: the entry that is to be the last one is there, and stays until the transaction ends. That none is
 * behind it is checked by the key, when the next one is written.
 */
const ends: AssumptionPart = {
  key: 'J',
  isNeeded: ({ ends: assumed }) => begun(assumed).length > 0,
  values: ({ ends: assumed }) => {
    const list = begun(assumed).toSorted((one, other) => inOrder(keyOf(one.address), keyOf(other.address)))
    return [
      textArray(storedTexts(list.map(({ address }) => address.type))),
      textArray(storedTexts(list.map(({ address }) => address.id))),
      numberArray(list.map(({ position }) => position)),
    ]
  },
  sql: ({ journals }, arrays) => `(
    select count(*) from (
      select 1
      from ${rowsOf({ type: 'text', entity: 'text', position: 'int4' }, arrays)} e
      join ${journals} j on j.type = e.type and j.entity = e.entity and j.position = e.position
      for key share of j
    ) ended
  ) = cardinality(${arrays[0]}::text[])`,
}

const unsaved: AssumptionPart = {
  key: 'U',
  isNeeded: (assumed) => assumed.unsaved.size > 0,
  values: (assumed) => [textArray(storedTexts(assumed.unsaved))],
  sql: ({ messages }, arrays) =>
    `not exists (select from ${rowsOf({ id: 'text' }, arrays)} u join ${messages} m on m.id = u.id)`,
}

const unanswered: AssumptionPart = {
  key: 'A',
  isNeeded: (assumed) => assumed.unanswered.size > 0,
  values: (assumed) => [textArray(storedTexts(assumed.unanswered))],
  sql: ({ replies }, arrays) =>
    `not exists (select from ${rowsOf({ id: 'text' }, arrays)} a join ${replies} r on r.id = a.id)`,
}

const pending: AssumptionPart = {
  key: 'P',
  isNeeded: (assumed) => assumed.pending.length > 0,
  values: (assumed) => [textArray(assumed.pending.map(toStoredText))],
  sql: ({ messages }, arrays) => `not exists (
    select from ${rowsOf({ id: 'text' }, arrays)} p
    left join ${messages} m on m.id = p.id
    where m.status is distinct from 'pending'
  )`,
}

/** The fence comes first: what follows is looked at only by the owner. */
export const assumptionParts: readonly AssumptionPart[] = [fences, versions, ends, unsaved, unanswered, pending]

function begun(assumed: ReadonlyMap<string, AssumedEnd>): readonly AssumedEnd[] {
  return [...assumed.values()].filter(({ position }) => position > 0)
}

function onlyExpected({ versions: assumed }: AssumedFacts, { effects }: Writing): readonly AssumedVersion[] {
  const written = new Set(effects.states.map(({ address }) => keyOf(address)))
  return [...assumed].flatMap(([key, version]) => (written.has(key) ? [] : [version]))
}
