import type { Effects, MessageEffect } from '../../decide/effects.ts'
import { toStoredText } from '../../stored-text.ts'
import { rowsOf } from '../rows-of.ts'
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
  sql: ({ sequences }, arrays) => `taken as (
  insert into ${sequences} as s (shard, last_sequence)
  select t.shard, t.count from verdict v, ${rowsOf({ shard: 'text', count: 'int8' }, arrays)} t where v.ok
  on conflict (shard) do update set last_sequence = s.last_sequence + excluded.last_sequence
  returning s.shard, s.last_sequence
)`,
}

/** Fails on an id that is stored already. `behind`: how far a message is from the last one that the batch adds. */
export const insertMessages: WritePart = {
  key: 'm',
  isNeeded: ({ effects }) => effects.newMessages.length > 0,
  values: ({ effects }) => [...contents(effects), ...fates(effects)],
  sql: ({ messages }, arrays) => `new_messages as (
  insert into ${messages} (
    id, shard, type, entity, method, payload, digest, headers, trace, deliver_at, one_way, retain_ms,
    sequence, attempts, status, stored_at, died_at, expires_at
  )
  select m.id, m.shard, m.type, m.entity, m.method, m.payload, m.digest, m.headers, m.trace, m.deliver_at, m.one_way,
    m.retain_ms, t.last_sequence - m.behind, m.attempts, m.status, v.now_ms,
    case when m.status = 'dead' then v.now_ms end,
    case when m.status in ('completed', 'cancelled') then v.now_ms + m.retain_ms end
  from verdict v, ${rowsOf(newColumns, arrays)} m join taken t on t.shard = m.shard
)`,
}

const newColumns = {
  id: 'text',
  shard: 'text',
  type: 'text',
  entity: 'text',
  method: 'text',
  payload: 'bytea',
  digest: 'bytea',
  headers: 'text',
  trace: 'text',
  deliver_at: 'float8',
  one_way: 'bool',
  retain_ms: 'float8',
  behind: 'int8',
  attempts: 'int4',
  status: 'text',
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
  sql: ({ messages }, arrays) => `changed_messages as (
  update ${messages} m set
    status = u.status,
    attempts = case when u.is_revived then u.attempts else m.attempts + u.attempts end,
    sequence = coalesce(u.sequence, m.sequence),
    died_at = case when u.status = 'dead' then v.now_ms end,
    expires_at = case when u.status in ('completed', 'cancelled') then v.now_ms + m.retain_ms end
  from verdict v, ${rowsOf(changedColumns, arrays)} u
  where v.ok and m.id = u.id and m.status = u.was
  returning 1
)`,
  allDone: '(select count(*) from changed_messages) = cardinality($::text[])',
}

const changedColumns = {
  id: 'text',
  was: 'text',
  status: 'text',
  attempts: 'int4',
  is_revived: 'bool',
  sequence: 'int8',
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
