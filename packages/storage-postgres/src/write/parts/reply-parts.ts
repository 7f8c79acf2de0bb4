import { writePart } from './write-part.ts'

/** Fails on an id that has a reply already. */
export const insertReplies = writePart({
  key: 'r',
  rows: ({ effects }) => effects.newReplies,
  columns: ({ text, number, bytes }) => ({
    id: text(({ id }) => id),
    shard: text(({ address }) => address.shard),
    type: text(({ address }) => address.type),
    entity: text(({ address }) => address.id),
    digest: bytes(({ digest }) => digest),
    exit: bytes(({ exit }) => exit),
    retain_ms: number('float8', ({ retainMs }) => retainMs),
  }),
  sql: ({ replies }, { rows }) => `new_replies as (
  insert into ${replies} (id, shard, type, entity, digest, exit, stored_at, expires_at)
  select r.id, r.shard, r.type, r.entity, r.digest, r.exit, v.now_ms, v.now_ms + r.retain_ms
  from verdict v, ${rows} r
  where v.ok
)`,
})
