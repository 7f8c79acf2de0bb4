import type { MessageEffect } from '../../decide/effects.ts'
import { writePart, type Writing } from './write-part.ts'

/**
 * Takes the sequences. The rows of the counters stay locked until the commit, so there are no gaps and no overtaking. First
 * of all writes, in the order of the shards, so that two senders wait for each other and never in a circle.
 */
export const takeSequences = writePart({
  key: 'q',
  rows: ({ effects }) => [...effects.taken],
  columns: ({ text, number }) => ({ shard: text(([shard]) => shard), count: number('int8', ([, count]) => count) }),
  sql: ({ sequences }, { rows }) => `taken as (
  insert into ${sequences} as s (shard, last_sequence)
  select t.shard, t.count from verdict v, ${rows} t where v.ok
  on conflict (shard) do update set last_sequence = s.last_sequence + excluded.last_sequence
  returning s.shard, s.last_sequence
)`,
})

/** Fails on an id that is stored already. `behind`: how far a message is from the last one that the batch adds. */
export const insertMessages = writePart({
  key: 'm',
  rows: inserted,
  columns: ({ text, plainText, number, boolean, bytes }) => ({
    id: text(({ message }) => message.id),
    shard: text(({ message }) => message.address.shard),
    type: text(({ message }) => message.address.type),
    entity: text(({ message }) => message.address.id),
    method: text(({ message }) => message.method),
    payload: bytes(({ message }) => message.payload),
    digest: bytes(({ message }) => message.digest),
    headers: plainText(({ message }) => JSON.stringify(message.headers)),
    trace: text(({ message }) => message.trace),
    deliver_at: number('float8', ({ message }) => message.deliverAt),
    one_way: boolean(({ message }) => message.oneWay),
    retain_ms: number('float8', ({ message }) => message.retainMs),
    behind: number('int8', ({ behind }) => behind),
    attempts: number('int4', ({ effect }) => effect.attempts),
    status: plainText(({ effect }) => effect.status),
  }),
  sql: ({ messages }, { rows }) => `new_messages as (
  insert into ${messages} (
    id, shard, type, entity, method, payload, digest, headers, trace, deliver_at, one_way, retain_ms,
    sequence, attempts, status, stored_at, died_at, expires_at
  )
  select m.id, m.shard, m.type, m.entity, m.method, m.payload, m.digest, m.headers, m.trace, m.deliver_at, m.one_way,
    m.retain_ms, t.last_sequence - m.behind, m.attempts, m.status, v.now_ms,
    case when m.status = 'dead' then v.now_ms end,
    case when m.status in ('completed', 'cancelled') then v.now_ms + m.retain_ms end
  from verdict v, ${rows} m join taken t on t.shard = m.shard
)`,
})

/** Changes rows that are as they were thought to be, by primary key, in the order of the ids. */
export const changeMessages = writePart({
  key: 'c',
  rows: ({ effects, sequenceOf }) => effects.changedMessages.map((effect) => ({ ...effect, sequenceOf })),
  columns: ({ text, plainText, number, boolean }) => ({
    id: text(({ id }) => id),
    was: plainText(({ from }) => from),
    status: plainText(({ status }) => status),
    attempts: number('int4', ({ attempts }) => attempts),
    is_revived: boolean(({ isRevived }) => isRevived),
    sequence: number('int8', ({ ticket, sequenceOf }) => (ticket === undefined ? undefined : sequenceOf(ticket))),
  }),
  sql: ({ messages }, { rows }) => `changed_messages as (
  update ${messages} m set
    status = u.status,
    attempts = case when u.is_revived then u.attempts else m.attempts + u.attempts end,
    sequence = coalesce(u.sequence, m.sequence),
    died_at = case when u.status = 'dead' then v.now_ms end,
    expires_at = case when u.status in ('completed', 'cancelled') then v.now_ms + m.retain_ms end
  from verdict v, ${rows} u
  where v.ok and m.id = u.id and m.status = u.was
  returning 1
)`,
  allDone: ({ foundAll }) => foundAll('select from changed_messages'),
})

/** Deletes rows that are as they were thought to be, by primary key, in the order of the ids. */
export const forgetMessages = writePart({
  key: 'd',
  rows: ({ effects }) => effects.forgottenMessages,
  columns: ({ text, plainText }) => ({ id: text(({ id }) => id), was: plainText(({ from }) => from) }),
  sql: ({ messages }, { rows }) => `forgotten_messages as (
  delete from ${messages} m using verdict v, ${rows} u
  where v.ok and m.id = u.id and m.status = u.was
  returning 1
)`,
  allDone: ({ foundAll }) => foundAll('select from forgotten_messages'),
})

interface Inserted {
  readonly effect: MessageEffect
  readonly message: NonNullable<MessageEffect['message']>
  readonly behind: number | undefined
}

function inserted({ effects: { newMessages, taken } }: Writing): readonly Inserted[] {
  return newMessages.flatMap((effect) => {
    const { message, ticket } = effect
    const behind = ticket === undefined ? undefined : (taken.get(ticket.shard) ?? 0) - ticket.nth
    return message === undefined ? [] : [{ effect, message, behind }]
  })
}
