import { writePart } from './write-part.ts'

/** Looks which of the journals that somebody asks for are there: a value, their places among those asked for. Seen before what the batch writes. */
export const journalQuestion = writePart({
  key: 'e',
  rows: ({ asked = [] }) => asked.map((address, place) => ({ address, place })),
  columns: ({ text, number }) => ({
    type: text(({ address }) => address.type),
    entity: text(({ address }) => address.id),
    place: number('int4', ({ place }) => place),
  }),
  sql: ({ journals }, { rows }) => `(
    select string_agg(a.place::text, ',') from ${rows} a
    where exists (select from ${journals} j where j.type = a.type and j.entity = a.entity)
  )`,
})
