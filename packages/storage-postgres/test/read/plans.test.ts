import { expect, it } from 'vitest'
import type { ExecutionFilter } from '@cruster/core/ports'
import { decideUnits } from '../../src/decide/decide-units.ts'
import { listStatement } from '../../src/read/execution-queries.ts'
import { findStatement, pageStatement, pagesStatement, sizeStatement } from '../../src/read/read-executions.ts'
import { repliesStatement, statesStatement } from '../../src/read/read-rows.ts'
import { MessageQueries } from '../../src/read/message-queries.ts'
import { pendingStatement } from '../../src/read/pending-query.ts'
import { sqlNames, type SqlNames } from '../../src/schema/sql-names.ts'
import { planning } from '../../src/session/planning.ts'
import type { Answer, Session, Statement } from '../../src/session/session.ts'
import { claimShards } from '../../src/write/claim-shards.ts'
import { commitUnits } from '../../src/write/commit-units.ts'
import { deleteLocked } from '../../src/write/prune-executions.ts'
import { pruneRows } from '../../src/write/prune-rows.ts'
import { removals } from '../../src/write/remove-executions.ts'
import { WriteStatements } from '../../src/write/write-statement.ts'
import { bytes, address, fence, putState, saveMessage, saveReply, shard } from '../samples.ts'
import { requestId } from '@cruster/core'
import { MapFacts } from '../decide/map-facts.ts'
import { testSchema } from '../test-storage.ts'

/** Rows of each kind: 10^6 is the size that is promised, and takes a minute. */
const rows = Number(process.env['CRUSTER_TEST_PLAN_ROWS'] ?? 20_000)

/** Collects the statements that the framework runs, and answers with nothing. */
class ListeningSession implements Session {
  readonly statements: Statement[] = []

  async run(statement: Statement): Promise<Answer> {
    this.statements.push(statement)
    return { rows: [], affected: 0 }
  }

  runTogether(statements: readonly Statement[]): Promise<readonly Answer[]> {
    return Promise.all(statements.map((statement) => this.run(statement)))
  }

  async cancel(): Promise<void> {}

  release(): void {}
}

const complete = { kind: 'completeMessage', id: requestId('5') } as const
const units = [
  { fence: fence(1), operations: [putState('a', 1), putState('b', 5), saveReply('r'), saveMessage('m'), complete] },
  { fence: fence(1), operations: [{ kind: 'expectState', address: address('c'), version: 1 } as const] },
]
const execution = { ...address('e5'), type: 'Workflow/W5' }
const record = { workflow: 'W5', version: 1, status: 'completed', startedAt: 5, retainMs: 5 } as const
const steps = {
  fence: fence(1),
  operations: [
    { kind: 'appendJournal', address: execution, position: 3, entries: [bytes('x')] },
    { kind: 'putExecution', address: execution, record },
  ] as const,
}
const cut = {
  fence: fence(1),
  operations: [
    { kind: 'truncateJournal', address: execution, position: 1 },
    { kind: 'deleteExecution', address: address('e6') },
  ] as const,
}
/** Each with one row of a kind, which is written from single values. */
const single = [
  { fence: fence(1), operations: [putState('a', 1), saveReply('r'), saveMessage('m')] },
  { fence: fence(1), operations: [putState('b', 5), complete] },
  { fence: fence(1), operations: [{ kind: 'expectState', address: address('c'), version: 1 } as const] },
]
const revive = { operations: [{ kind: 'reviveMessage', id: requestId('6') } as const] }
const bury = { fence: fence(1), operations: [{ kind: 'buryMessage', id: requestId('7'), exit: bytes('x') } as const] }

async function everyStatement(schema: string): Promise<readonly Statement[]> {
  const names = sqlNames(schema)
  const session = new ListeningSession()
  const sessions = { acquire: async () => session, close: async () => undefined }
  const context = { sessions, batchSessions: sessions, names, statements: new WriteStatements(names) }
  await commitUnits(context, units)
  await commitUnits(context, [revive, bury])
  for (const unit of single) await commitUnits(context, [unit])
  await commitUnits(context, [steps])
  await commitUnits(context, [cut])
  session.statements.push(...removalStatements(names))
  await claimShards({ sessions, names }, [fence(2)])
  await pruneRows({ sessions, names }, 100)
  session.statements.push(deleteLocked(names, [{ type: execution.type, entity: execution.id, last: 3 }]))
  const queries = new MessageQueries(names)
  session.statements.push(
    pendingStatement(names, { shard, after: 5, dueWithinMs: 1000, limit: 100 }),
    queries.find(requestId('5')),
    queries.list({ limit: 10 }),
    queries.deadLetters({ limit: 10 }),
    statesStatement(names, [address('e1'), address('e2')]),
    repliesStatement(names, [requestId('1'), requestId('2')]),
    ...executionReads(names),
  )
  return session.statements.filter(({ text }) => /^\s*(with|select|insert|update|delete)\b/i.test(text))
}

/** Of facts that nobody reads here: what would be written when there is a journal to cut. */
function removalStatements(names: SqlNames): readonly Statement[] {
  const facts = new MapFacts({ epochs: { [shard]: 1 }, ends: { e5: 9 } })
  const { verdicts, effects } = decideUnits(facts, [cut])
  expect(verdicts).toEqual([{ kind: 'applied', tickets: [] }])
  return removals(names, effects)
}

function executionReads(names: SqlNames): readonly Statement[] {
  const { type, id } = execution
  const after = { type, id, startedAt: 5000 }
  const filters: readonly ExecutionFilter[] = [
    {},
    { type },
    { type, version: 2 },
    { status: 'running' },
    { status: 'failed', type },
    { startedAfter: 10, startedBefore: 1000 },
  ]
  return [
    pageStatement(names, { address: execution, after: 2, limit: 100 }),
    pagesStatement(names, [
      { address: execution, after: 0, limit: 1000 },
      { address: { ...execution, id: 'e2' }, after: 2, limit: 100 },
    ]),
    sizeStatement(names, execution),
    findStatement(names, execution),
    ...filters.flatMap((filter) => [
      listStatement(names, { ...filter, limit: 50 }),
      listStatement(names, { ...filter, limit: 50, after }),
    ]),
  ]
}

it('finds every row by an index: no statement walks over a table that grows', { timeout: 300_000 }, async () => {
  const { open, query, connect, schema } = await testSchema()
  await open()
  await query(
    `insert into messages (id, shard, sequence, type, entity, method, payload, headers, one_way, retain_ms, attempts,
       stored_at, status, deliver_at, expires_at, died_at)
     select i::text, 'default:' || i % 300, i / 300 + 1, 'Counter', 'e' || i % 1000, 'add', '\\x01', '{}', false, 1000, 0,
       i, case when i % 50 = 0 then 'pending' when i % 500 = 1 then 'dead' else 'completed' end,
       case when i % 100 = 0 then i end, case when i % 50 > 1 then i end, case when i % 500 = 1 then i end
     from generate_series(1, $1::int) i`,
    rows,
  )
  await query(
    `insert into replies select i::text, 'default:' || i % 300, 'Counter', 'e' || i % 1000, null, '\\x01', i, i
     from generate_series(1, $1::int) i`,
    rows,
  )
  await query(`insert into states select 'Counter', 'e' || i, 1, '\\x01' from generate_series(1, $1::int) i`, rows)
  await query(
    `insert into journals (type, entity, position, entry)
     select 'Workflow/W' || i % 7, 'e' || i / 3, i % 3 + 1, '\\x01' from generate_series(0, $1::int) i`,
    rows,
  )
  await query(
    `insert into executions (type, entity, shard, workflow, version, status, started_at, updated_at, ended_at, expires_at)
     select 'Workflow/W' || i % 7, 'e' || i, 'default:0', 'W' || i % 7, 1,
       case when i % 100 = 0 then 'running' when i % 1000 = 1 then 'failed' else 'completed' end, i, i,
       case when i % 100 > 0 then i end, case when i % 100 > 0 then i end
     from generate_series(1, $1::int) i`,
    rows,
  )
  await query(`insert into shards select 'default:' || i, 1 from generate_series(0, 2047) i`)
  await query('analyze')
  const client = await connect()
  await client.query(planning('session'))

  const walking: unknown[] = []
  for (const { text, values = [] } of await everyStatement(schema)) {
    const plan = await client.query<Record<string, string>>(`explain ${text}`, [...values])
    const lines = plan.rows.map((row) => row['QUERY PLAN'] ?? '')
    const scans = lines.filter((line) =>
      /Seq Scan on (messages|replies|states|sequences|shards|journals|executions)\b/.test(line),
    )
    if (scans.length > 0) walking.push({ text, plan: lines })
  }

  expect(walking).toEqual([])
})

it('deletes nothing but what has expired, a limited number at once', async () => {
  const { open, query } = await testSchema()
  const storage = await open()
  await query(
    `insert into replies select i::text, 'default:0', 'Counter', 'a', null, '\\x01', 0, case when i <= 25 then i end
     from generate_series(1, 40) i`,
  )

  const [one, other] = await Promise.all([storage.prune(10), storage.prune(10)])
  const rest = await storage.prune(1000)

  expect([one.replies + other.replies, rest.replies]).toEqual([20, 5])
  expect(await query('select count(*)::int from replies where expires_at is null')).toEqual([{ count: 15 }])
})
