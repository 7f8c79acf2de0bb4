import { expect, it } from 'vitest'
import { audit, type Evidence } from '../src/audit/audit.ts'
import type { JournalEntry } from '../src/audit/journal.ts'
import { openingBalance, type Entry } from '../src/bank/contract.ts'
import type { TransferState } from '../src/client/client-message.ts'

const row = (transfer: string, account: string, amount: number) => ({ transfer, account, amount })

function entry(id: string, state: TransferState): JournalEntry {
  return { client: 'c', state, transfer: { id, style: 'message', from: 'a', to: 'b', amount: 10 } }
}

/** One transfer of 10 from a to b, as it should be at the end; with whatever a test changes. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    entries: [entry('t1', 'done')],
    books: { rows: [row('t1', 'a', -10), row('t1', 'b', 10)], pending: 0, dead: 0 },
    balances: new Map([
      ['a', openingBalance - 10],
      ['b', openingBalance + 10],
    ]),
    tallies: [{ id: 'tally', count: 3, bounds: { atLeast: 3, atMost: 4 } }],
    late: [],
    wrong: [],
    ...changes,
  }
}

const promises = (changes: Partial<Evidence>): readonly string[] =>
  audit(evidence(changes)).map(({ promise }) => promise)
const untouched = new Map(['a', 'b'].map((account) => [account, openingBalance]))
const noRows = { rows: [], pending: 0, dead: 0 }

it('has nothing to say against books that are right', () => {
  expect(audit(evidence())).toEqual([])
})

it('notices money that came from nowhere', () => {
  expect(promises({ balances: new Map([...untouched, ['b', openingBalance + 20]]) })).toContain('balance')
})

it('notices an account whose balance its rows do not explain', () => {
  expect(promises({ balances: untouched })).toEqual(['balance', 'balance'])
})

it('notices an acknowledged transfer that is missing', () => {
  expect(promises({ books: noRows, balances: untouched })).toEqual(['missing'])
})

it('notices a transfer of which one half is missing', () => {
  const rows = [row('t1', 'a', -10)]
  expect(promises({ books: { ...noRows, rows } })).toContain('missing')
})

it('notices a transfer that was made twice', () => {
  const twice = [row('t1', 'a', -10), row('t1', 'b', 10), row('t1', 'a', -10), row('t1', 'b', 10)]
  const balances = new Map([
    ['a', openingBalance - 20],
    ['b', openingBalance + 20],
  ])
  expect(promises({ books: { ...noRows, rows: twice }, balances })).toEqual(['doubled'])
})

it.each(['refused', 'notStarted'] as const)('notices an effect of a transfer that was %s', (state) => {
  expect(promises({ entries: [entry('t1', state)] })).toEqual(['undone'])
})

it('notices a transfer that could not be brought to its end', () => {
  expect(promises({ entries: [entry('t1', 'open')] })).toEqual(['hangs'])
})

it('notices rows of a transfer that nobody has begun', () => {
  expect(promises({ entries: [] })).toEqual(['strange'])
})

it('notices a row that is not of its transfer', () => {
  const rows: readonly (Entry & { account: string })[] = [row('t1', 'a', -10), row('t1', 'b', 10), row('t1', 'b', 0)]
  expect(promises({ books: { ...noRows, rows } })).toEqual(['strange'])
})

it('notices messages that are left, and messages that were given up', () => {
  expect(promises({ books: { ...evidence().books, pending: 1 } })).toEqual(['pending'])
  expect(promises({ books: { ...evidence().books, dead: 1 } })).toEqual(['missing'])
})

it('notices calls that came too late, and whatever clients saw', () => {
  expect(promises({ late: [{ what: 'add', outcome: 'ok', tookMs: 9000, timeoutMs: 2000 }] })).toEqual(['hangs'])
  expect(promises({ wrong: ['read gave 2'] })).toEqual(['seen'])
})

it.each([2, 5])('notices a tally of %i that must be 3 or 4', (count) => {
  expect(promises({ tallies: [{ id: 'tally', count, bounds: { atLeast: 3, atMost: 4 } }] })).toEqual(['count'])
})
