import { Hono } from 'hono'
import { z } from 'zod'
import type { Database, Row } from '../database/database.ts'
import { queryOf } from './input.ts'
import type { AppServices } from './services.ts'

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const limit = z.coerce.number().int().min(1).max(10_000).default(100)
const messageQuery = z.object({
  entity_type: z.string().optional(),
  entity_id: z.string().optional(),
  processed: flag.optional(),
  tag: z.string().optional(),
  limit,
})
const replyQuery = z.object({ request_id: z.string().optional(), is_exit: flag.optional(), limit })
const journalQuery = z.object({ prefix: z.string().default(''), completed: flag.optional(), limit })

/** `/debug`: what storage holds, read from the runtime's own tables. */
export function debugRoutes({ database, shards, entityTypes, activeEntities }: AppServices): Hono {
  const { shardsPerGroup, groups } = shards
  return new Hono()
    .get('/debug/shards', (c) =>
      c.json({
        total_shards: shardsPerGroup * groups.length,
        shards_per_group: shardsPerGroup,
        shard_groups: groups,
      }),
    )
    .get('/debug/entities', (c) => c.json({ entity_types: entityTypes(), active_count: activeEntities() }))
    .get('/debug/messages', async (c) => c.json(await messages(database, queryOf(c, messageQuery))))
    .get('/debug/replies', async (c) => c.json(await replies(database, queryOf(c, replyQuery))))
    .get('/debug/journal', async (c) => c.json(await journal(database, queryOf(c, journalQuery))))
}

/** Conditions that are asked for, and their values. */
class Filter {
  readonly #conditions: string[] = []
  readonly values: (string | number)[] = []

  /** @param times - how often the value stands in the condition */
  when(value: string | undefined, condition: string, times = 1): this {
    if (value === undefined) return this
    this.#conditions.push(condition)
    for (let time = 0; time < times; time += 1) this.values.push(value)
    return this
  }

  either(value: boolean | undefined, [yes, no]: readonly [string, string]): this {
    if (value !== undefined) this.#conditions.push(value ? yes : no)
    return this
  }

  get where(): string {
    return this.#conditions.length === 0 ? '' : `where ${this.#conditions.join(' and ')}`
  }
}

async function messages(database: Database, query: z.output<typeof messageQuery>): Promise<readonly unknown[]> {
  const filter = new Filter()
    .when(query.entity_type, 'type = ?')
    .when(query.entity_id, 'entity = ?')
    .when(query.tag, 'method = ?')
    .either(query.processed, ["status <> 'pending'", "status = 'pending'"])
  const rows = await database.rows(
    `select id, shard, type, entity, method, status, attempts, stored_at from ${database.tablePrefix}messages
     ${filter.where} order by position desc limit ${query.limit}`,
    filter.values,
  )
  return rows.map((row) => {
    const [group = '', index = ''] = String(row['shard']).split(':')
    return {
      request_id: row['id'],
      shard_group: group,
      shard_id: Number(index),
      entity_type: row['type'],
      entity_id: row['entity'],
      tag: row['method'],
      is_request: true,
      processed: row['status'] !== 'pending',
      retry_count: Number(row['attempts']),
      created_at: timeOf(row['stored_at']),
    }
  })
}

async function replies(database: Database, query: z.output<typeof replyQuery>): Promise<readonly unknown[]> {
  // Every recorded outcome ends its request; parts of an outcome are not stored.
  if (query.is_exit === false) return []
  const filter = new Filter().when(query.request_id, 'id = ?')
  const rows = await database.rows(
    `select id, stored_at from ${database.tablePrefix}replies ${filter.where} order by stored_at desc limit ${query.limit}`,
    filter.values,
  )
  return rows.map(({ id, stored_at: storedAt }) => {
    return { id, request_id: id, sequence: 0, is_exit: true, created_at: timeOf(storedAt) }
  })
}

async function journal(database: Database, query: z.output<typeof journalQuery>): Promise<readonly unknown[]> {
  const { tablePrefix, rows } = database
  const key = "j.type || '/' || j.entity || '/' || cast(j.position as text)"
  const prefix = query.prefix === '' ? undefined : query.prefix
  const filter = new Filter()
    .when(prefix, `substr(${key}, 1, length(cast(? as text))) = ?`, 2)
    .either(query.completed, ['e.ended_at is not null', 'e.ended_at is null'])
  const entries = await rows(
    `select ${key} as key, length(j.entry) as value_size, e.started_at, e.updated_at, e.ended_at
     from ${tablePrefix}journals j left join ${tablePrefix}executions e on e.type = j.type and e.entity = j.entity
     ${filter.where} order by e.started_at desc, j.type, j.entity, j.position desc limit ${query.limit}`,
    filter.values,
  )
  return entries.map(entryOf)
}

function entryOf({ key, value_size: size, started_at: started, updated_at: updated, ended_at: ended }: Row) {
  return {
    key,
    value_size: Number(size),
    created_at: timeOf(started),
    updated_at: timeOf(updated),
    completed_at: timeOf(ended),
  }
}

function timeOf(ms: unknown): string | null {
  return ms === null || ms === undefined ? null : new Date(Number(ms)).toISOString()
}
