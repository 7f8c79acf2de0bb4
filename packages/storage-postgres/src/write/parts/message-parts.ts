import type { Effects, MessageEffect } from '../../decide/effects.ts'
import { toStoredText } from '../../stored-text.ts'
import { booleanArray, bytesArray, numberArray, textArray } from '../sql-arrays.ts'
import { storedTexts, type WritePart } from './write-part.ts'

/**
 * Takes the sequences. The rows of the counters stay locked until the commit, so there are no gaps and no overtaking. First
 * of all writes, in the order of the shards, so that two senders wait for each other and never in a circle.
 */
export const takeSequences: WritePart = {
  key: 'q',
  isNeeded: ({ effects }) => effects.taken.size > 0,
  values: ({ effects: { taken } }) => [textArray(storedTexts(taken.keys())), numberArray(taken.values())],
  sql: ({ sequences }, [shard, count]) => `taken as (
  insert into ${sequences} as s (shard, last_sequence)
  select t.shard, t.count from verdict v, unnest(${shard}::text[], ${count}::int8[]) t (shard, count) where v.ok
  on conflict (shard) do update set last_sequence = s.last_sequence + excluded.last_sequence
  returning s.shard, s.last_sequence
)`,
}

/** Fails on an id that is stored already. `behind`: how far a message is from the last one that the batch adds. */
export const insertMessages: WritePart = {
  key: 'm',
  isNeeded: ({ effects }) => effects.newMessages.length > 0,
  values: ({ effects }) => [...contents(effects), ...fates(effects)],
  sql: ({ messages }, a) => `new_messages as (
  insert into ${messages} (
    id, shard, type, entity, method, payload, digest, headers, trace, deliver_at, one_way, retain_ms,
    sequence, attempts, status, stored_at, died_at, expires_at
  )
  select m.id, m.shard, m.type, m.entity, m.method, m.payload, m.digest, m.headers, m.trace, m.deliver_at, m.one_way,
    m.retain_ms, t.last_sequence - m.behind, m.attempts, m.status, c.now_ms,
    case when m.status = 'dead' then c.now_ms end,
    case when m.status in ('completed', 'cancelled') then c.now_ms + m.retain_ms end
  from clock c, unnest(
    ${a[0]}::text[], ${a[1]}::text[], ${a[2]}::text[], ${a[3]}::text[], ${a[4]}::text[], ${a[5]}::bytea[],
    ${a[6]}::bytea[], ${a[7]}::text[], ${a[8]}::text[], ${a[9]}::float8[], ${a[10]}::bool[], ${a[11]}::float8[],
    ${a[12]}::int8[], ${a[13]}::int4[], ${a[14]}::text[]
  ) m (
    id, shard, type, entity, method, payload, digest, headers, trace, deliver_at, one_way, retain_ms,
    behind, attempts, status
  )
  join taken t on t.shard = m.shard
)`,
}

/** Changes rows that are as they were thought to be, by primary key, in the order of the ids. */
export const changeMessages: WritePart = {
  key: 'c',
  isNeeded: ({ effects }) => effects.changedMessages.length > 0,
  values: ({ effects: { changedMessages: changed }, sequenceOf }) => [
    textArray(changed.map(({ id }) => toStoredText(id))),
    textArray(changed.map(({ from }) => from)),
    textArray(changed.map(({ status }) => status)),
    numberArray(changed.map(({ attempts }) => attempts)),
    booleanArray(changed.map(({ isRevived }) => isRevived)),
    numberArray(changed.map(({ ticket }) => (ticket === undefined ? undefined : sequenceOf(ticket)))),
  ],
  sql: ({ messages }, a) => `changed_messages as (
  update ${messages} m set
    status = u.status,
    attempts = case when u.is_revived then u.attempts else m.attempts + u.attempts end,
    sequence = coalesce(u.sequence, m.sequence),
    died_at = case when u.status = 'dead' then c.now_ms end,
    expires_at = case when u.status in ('completed', 'cancelled') then c.now_ms + m.retain_ms end
  from verdict v, clock c, unnest(
    ${a[0]}::text[], ${a[1]}::text[], ${a[2]}::text[], ${a[3]}::int4[], ${a[4]}::bool[], ${a[5]}::int8[]
  ) u (id, was, status, attempts, is_revived, sequence)
  where v.ok and m.id = u.id and m.status = u.was
  returning 1
)`,
  allDone: '(select count(*) from changed_messages) = cardinality($::text[])',
}

function contents({ newMessages }: Effects): readonly string[] {
  const messages = newMessages.flatMap(({ message }) => (message === undefined ? [] : [message]))
  return [
    textArray(storedTexts(messages.map(({ id }) => id))),
    textArray(storedTexts(messages.map(({ address }) => address.shard))),
    textArray(storedTexts(messages.map(({ address }) => address.type))),
    textArray(storedTexts(messages.map(({ address }) => address.id))),
    textArray(storedTexts(messages.map(({ method }) => method))),
    bytesArray(messages.map(({ payload }) => payload)),
    bytesArray(messages.map(({ digest }) => digest)),
    textArray(messages.map(({ headers }) => JSON.stringify(headers))),
    textArray(messages.map(({ trace }) => (trace === undefined ? undefined : toStoredText(trace)))),
    numberArray(messages.map(({ deliverAt }) => deliverAt)),
    booleanArray(messages.map(({ oneWay }) => oneWay)),
    numberArray(messages.map(({ retainMs }) => retainMs)),
  ]
}

function fates({ newMessages, taken }: Effects): readonly string[] {
  const behind = ({ ticket }: MessageEffect): number | undefined =>
    ticket === undefined ? undefined : (taken.get(ticket.shard) ?? 0) - ticket.nth
  return [
    numberArray(newMessages.map(behind)),
    numberArray(newMessages.map(({ attempts }) => attempts)),
    textArray(newMessages.map(({ status }) => status)),
  ]
}
