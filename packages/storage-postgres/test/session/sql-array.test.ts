import { sharedPostgres } from '@cruster/testing/servers'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { PgSessions } from '../../src/session/pg-sessions.ts'
import type { Session } from '../../src/session/session.ts'
import {
  booleans,
  byteStrings,
  ColumnArray,
  numbers,
  plainTexts,
  storedTexts,
  toClientValue,
  type ElementKind,
  type SqlArray,
} from '../../src/session/sql-array.ts'
import { sqlStateOf } from '../../src/storage-failure.ts'
import { fromStoredText } from '../../src/stored-text.ts'

const arrayOf = <Value>(kind: ElementKind<Value>, values: readonly (Value | undefined)[]): SqlArray =>
  new ColumnArray(kind, values, (value) => value)

async function openSession(): Promise<Session> {
  const { url } = await sharedPostgres()
  const sessions = new PgSessions({
    client: { connectionString: url },
    limit: 1,
    acquireTimeoutMs: 5000,
    onIdleError: () => undefined,
  })
  const session = await sessions.acquire()
  onTestFinished(async () => {
    session.release('usable')
    await sessions.close()
  })
  return session
}

/** Arrays of all types, as the server writes them out, each sent as bytes and as text. */
async function bothWays(session: Session, type: string, array: SqlArray): Promise<readonly unknown[]> {
  const text = `select array_to_json($1::${type}[]) as bytes, array_to_json($2::${type}[]) as text`
  const { rows } = await session.run({ text, values: [array, toClientValue(array)] })
  return [rows[0]?.['bytes'], rows[0]?.['text']]
}

const text = fc.string({ unit: 'grapheme', maxLength: 80 }).filter((value) => !value.includes('\0'))
const column = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<(Value | undefined)[]> =>
  fc.array(fc.option(values, { nil: undefined }), { maxLength: 20 })
const number = (kind: keyof typeof numbers, values: fc.Arbitrary<number>) =>
  fc.tuple(
    fc.constant(kind),
    column(values).map((list) => arrayOf(numbers[kind], list)),
  )
const typed: fc.Arbitrary<[string, SqlArray]> = fc.oneof(
  fc.tuple(
    fc.constant('text'),
    column(text).map((list) => arrayOf(plainTexts, list)),
  ),
  fc.tuple(
    fc.constant('text'),
    column(text).map((list) => arrayOf(storedTexts, list)),
  ),
  fc.tuple(
    fc.constant('bool'),
    column(fc.boolean()).map((list) => arrayOf(booleans, list)),
  ),
  fc.tuple(
    fc.constant('bytea'),
    column(fc.uint8Array({ maxLength: 100 })).map((list) => arrayOf(byteStrings, list)),
  ),
  number('int4', fc.integer()),
  number('int8', fc.maxSafeInteger()),
  // Text has no negative zero.
  number(
    'float8',
    fc.double().map((value) => value + 0),
  ),
)

it('says the same in bytes as in text', async () => {
  const session = await openSession()

  await fc.assert(
    fc.asyncProperty(typed, async ([type, array]) => {
      const [bytes, written] = await bothWays(session, type, array)
      expect(bytes).toBe(written)
    }),
    { numRuns: 500 },
  )
})

it('stores text that PostgreSQL does not take as it does single values', async () => {
  const session = await openSession()
  const texts = ['a\0b', '\u001b', '\ud800', '\ufeffx', 'plain', 'é', '', 'x'.repeat(100)]

  const sql = 'select unnest($1::text[]) as text'
  const { rows } = await session.run({ text: sql, values: [arrayOf(storedTexts, texts)] })

  expect(rows.map((row) => fromStoredText(String(row['text'])))).toEqual(texts)
})

it('leaves it to PostgreSQL to refuse numbers that have no place', async () => {
  const session = await openSession()
  const refusal = async (kind: 'int4' | 'int8', value: number): Promise<string | undefined> => {
    const running = session.run({ text: `select $1::${kind}[]`, values: [arrayOf(numbers[kind], [1, value])] })
    return sqlStateOf(await running.catch((error: unknown) => error))
  }

  expect(await refusal('int4', 2 ** 31)).toBe('22003')
  expect(await refusal('int4', 1.5)).toBe('22P02')
  expect(await refusal('int8', 2 ** 70)).toBe('22P02')
  expect(await refusal('int8', 0.5)).toBe('22P02')
})

it('sends more than fits into the memory that packets share', async () => {
  const session = await openSession()
  const large = Array.from({ length: 40 }, (_, index) => new Uint8Array(20_000).fill(index))

  const sizes = 'select (select sum(length(b)) from unnest($1::bytea[]) b)::int8 as sum'
  const sending = [1, 2, 3].map(() => session.run({ text: sizes, values: [arrayOf(byteStrings, large)] }))
  const answers = await Promise.all(sending)

  expect(answers.map(({ rows }) => rows[0])).toEqual([1, 2, 3].map(() => ({ sum: 800_000 })))
})

it('keeps apart what several statements say that are on their way at once', async () => {
  const session = await openSession()
  const texts = Array.from({ length: 50 }, (_, index) => `${index}`.repeat(500))

  const echo = { name: 'echo', text: 'select ($1::text[])[1] as text' }
  const sending = texts.map((each) => session.run({ ...echo, values: [arrayOf(plainTexts, [each])] }))
  const answers = await Promise.all(sending)

  expect(answers.map(({ rows }) => rows[0]?.['text'])).toEqual(texts)
})
