import type { RequestId } from '@cruster/core'
import type { AssumedEnd, AssumedVersion } from '../../decide/assumed-facts.ts'
import { EntityMap, inEntityOrder } from '../../decide/entity-map.ts'
import { inOrder } from '../../decide/in-order.ts'
import { writePart, type WritePart, type Writing } from './write-part.ts'

/**
 * The fence: shares the rows of the claims, in the order of the shards, until the transaction ends. A claim's UPDATE waits
 * for that; and a statement that waited for a claim finds no row with its epoch any more.
 */
const fences = writePart({
  key: 'F',
  rows: ({ assumed }) => [...(assumed?.fences ?? [])].toSorted(([one], [other]) => inOrder(one, other)),
  columns: ({ text, number }) => ({ shard: text(([shard]) => shard), epoch: number('int8', ([, epoch]) => epoch) }),
  sql: ({ shards }, { rows, foundAll }) =>
    foundAll(`select 1 from ${rows} f join ${shards} s on s.shard = f.shard and s.epoch = f.epoch for share of s`),
})

/** Of states that are only looked at. Those that are written are compared when they are. */
const versions = writePart({
  key: 'V',
  rows: onlyExpected,
  columns: ({ text, number }) => ({
    type: text(({ address }) => address.type),
    entity: text(({ address }) => address.id),
    version: number('int8', ({ version }) => version),
  }),
  sql: ({ states }, { rows }) => `not exists (
    select from ${rows} e left join ${states} s on s.type = e.type and s.entity = e.entity
    where coalesce(s.version, 0) <> e.version
  )`,
})

/**
 * Of journals that go on: the last row ends where it is said to, and stays until the transaction ends. That none comes
 * behind it meanwhile is checked by the key, when the next one is written.
 */
const ends = writePart({
  key: 'J',
  rows: begun,
  columns: ({ text, number }) => ({
    type: text(({ address }) => address.type),
    entity: text(({ address }) => address.id),
    position: number('int4', ({ position }) => position),
  }),
  sql: ({ journals }, { rows }) => `not exists (
    select from ${rows} e where e.position is distinct from (
      select j.position + coalesce(j.count, 1) - 1 from ${journals} j
      where j.type = e.type and j.entity = e.entity order by j.position desc limit 1 for key share
    )
  )`,
})

const unsaved = writePart({
  key: 'U',
  rows: ({ assumed }) => [...(assumed?.unsaved ?? [])],
  columns: ({ text }) => ({ id: text((id) => id) }),
  sql: ({ messages }, { rows }) => `not exists (select from ${rows} u join ${messages} m on m.id = u.id)`,
})

const unanswered = writePart({
  key: 'A',
  rows: ({ assumed }) => [...(assumed?.unanswered ?? [])],
  columns: ({ text }) => ({ id: text((id) => id) }),
  sql: ({ replies }, { rows }) => `not exists (select from ${rows} a join ${replies} r on r.id = a.id)`,
})

/** But for those that the batch completes or forgets, which are compared when that is done: they are nearly always as assumed. */
const pending = writePart({
  key: 'P',
  rows: notRetired,
  columns: ({ text }) => ({ id: text((id) => id) }),
  sql: ({ messages }, { rows }) => `not exists (
    select from ${rows} p left join ${messages} m on m.id = p.id
    where m.status is distinct from 'pending'
  )`,
})

/** Conditions that have to hold for what was assumed. The fence comes first: what follows is looked at only by the owner. */
export const assumptionParts: readonly WritePart[] = [fences, versions, ends, unsaved, unanswered, pending]

function begun({ assumed }: Writing): readonly AssumedEnd[] {
  return assumed === undefined ? [] : inEntityOrder(assumed.ends.values().filter(({ position }) => position > 0))
}

function notRetired({ assumed, effects }: Writing): readonly RequestId[] {
  if (assumed === undefined || assumed.pending.length === 0) return []
  const completed = effects.changedMessages.filter(({ status }) => status === 'completed')
  const retired = new Set([...completed, ...effects.forgottenMessages].map(({ id }) => id))
  return assumed.pending.filter((id) => !retired.has(id))
}

function onlyExpected({ assumed, effects }: Writing): readonly AssumedVersion[] {
  // Whoever writes a state asks for its version first: if there are no more versions than writes, they are of the same states.
  const asked = assumed?.versions.values() ?? []
  if (asked.length === effects.states.length) return []
  const written = new EntityMap<true>()
  for (const { address } of effects.states) written.set(address, true)
  return asked.filter(({ address }) => written.get(address) === undefined)
}
