import { rowsOf } from '../rows-of.ts'
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
  sql: ({ replies }, arrays) => `new_replies as (
  insert into ${replies} (id, shard, type, entity, digest, exit, stored_at, expires_at)
  select r.id, r.shard, r.type, r.entity, r.digest, r.exit, v.now_ms, v.now_ms + r.retain_ms
  from verdict v, ${rowsOf(columns, arrays)} r
  where v.ok
)`,
}

const columns = {
  id: 'text',
  shard: 'text',
  type: 'text',
  entity: 'text',
  digest: 'bytea',
  exit: 'bytea',
  retain_ms: 'float8',
}
