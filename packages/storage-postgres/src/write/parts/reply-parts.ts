import { bytesArray, numberArray, textArray } from '../sql-arrays.ts'
import { storedTexts, type WritePart } from './write-part.ts'

/** Fails on an id that has a reply already. */
export const insertReplies: WritePart = {
  key: 'r',
  isNeeded: ({ effects }) => effects.newReplies.length > 0,
  values: ({ effects: { newReplies: replies } }) => [
    textArray(storedTexts(replies.map(({ id }) => id))),
    textArray(storedTexts(replies.map(({ address }) => address.shard))),
    textArray(storedTexts(replies.map(({ address }) => address.type))),
    textArray(storedTexts(replies.map(({ address }) => address.id))),
    bytesArray(replies.map(({ digest }) => digest)),
    bytesArray(replies.map(({ exit }) => exit)),
    numberArray(replies.map(({ retainMs }) => retainMs)),
  ],
  sql: ({ replies }, a) => `new_replies as (
  insert into ${replies} (id, shard, type, entity, digest, exit, stored_at, expires_at)
  select r.id, r.shard, r.type, r.entity, r.digest, r.exit, c.now_ms, c.now_ms + r.retain_ms
  from verdict v, clock c, unnest(
    ${a[0]}::text[], ${a[1]}::text[], ${a[2]}::text[], ${a[3]}::text[], ${a[4]}::bytea[], ${a[5]}::bytea[],
    ${a[6]}::float8[]
  ) r (id, shard, type, entity, digest, exit, retain_ms)
  where v.ok
)`,
}
