import { openingBalance } from '../bank/contract.ts'
import type { Books, LedgerRow } from '../bank/ledger.ts'
import type { CallReport } from '../client/client-message.ts'
import type { JournalEntry, TallyBounds } from './journal.ts'

/** Everything that is compared when the weather has cleared up. */
export interface Evidence {
  readonly entries: Iterable<JournalEntry>
  readonly books: Books
  /** What every account says. */
  readonly balances: ReadonlyMap<string, number>
  /** What every tally says, beside what its client says it must be. */
  readonly tallies: Iterable<{ readonly id: string; readonly count: number; readonly bounds: TallyBounds }>
  readonly late: readonly CallReport[]
  /** What was seen on the way and must not be. */
  readonly wrong: readonly string[]
}

/** A promise that was broken. */
export interface Violation {
  readonly promise: 'balance' | 'missing' | 'doubled' | 'undone' | 'strange' | 'pending' | 'hangs' | 'count' | 'seen'
  readonly text: string
}

/** What the evidence says against the cluster; nothing, if it kept its promises. */
export function audit(evidence: Evidence): readonly Violation[] {
  const { books, late, wrong } = evidence
  return [
    ...auditBalances(evidence),
    ...auditTransfers(evidence),
    ...auditTallies(evidence),
    ...(books.pending > 0 ? [found('pending', `${books.pending} stored messages were not delivered.`)] : []),
    ...(books.dead > 0 ? [found('missing', `${books.dead} stored messages were given up.`)] : []),
    ...late.map(({ what, outcome, tookMs, timeoutMs }) =>
      found('hangs', `${what} with a deadline of ${timeoutMs} ms ended (${outcome}) after ${Math.round(tookMs)} ms.`),
    ),
    ...wrong.map((text) => found('seen', text)),
  ]
}

function auditBalances({ balances, books }: Evidence): readonly Violation[] {
  const violations: Violation[] = []
  const all = sum(balances.values())
  const expected = balances.size * openingBalance
  if (all !== expected) violations.push(found('balance', `All accounts together have ${all}; it was ${expected}.`))
  const byAccount = Map.groupBy(books.rows, ({ account }) => account)
  for (const [account, balance] of balances) {
    const written = openingBalance + sum((byAccount.get(account) ?? []).map(({ amount }) => amount))
    if (balance !== written)
      violations.push(found('balance', `${account} has ${balance}; by its rows it has ${written}.`))
    if (balance < 0) violations.push(found('balance', `${account} has ${balance}: more was taken than it had.`))
  }
  return violations
}

function auditTransfers({ entries, books }: Evidence): readonly Violation[] {
  const rows = Map.groupBy(books.rows, ({ transfer }) => transfer)
  const violations: Violation[] = []
  for (const entry of entries) {
    violations.push(...auditTransfer(entry, rows.get(entry.transfer.id) ?? []))
    rows.delete(entry.transfer.id)
  }
  return [
    ...violations,
    ...[...rows.keys()].map((id) => found('strange', `There are rows of the transfer ${id}, which nobody has begun.`)),
  ]
}

function auditTransfer({ transfer, state }: JournalEntry, rows: readonly LedgerRow[]): readonly Violation[] {
  const { id, from, to, amount } = transfer
  const out = rows.filter((row) => row.account === from && row.amount === -amount).length
  const into = rows.filter((row) => row.account === to && row.amount === amount).length
  const is = `${state} transfer ${id} (${transfer.style}, ${amount} from ${from} to ${to}) has ${out} and ${into} rows`
  if (out + into !== rows.length) return [found('strange', `The ${is}, and others.`)]
  if (out > 1 || into > 1) return [found('doubled', `The ${is}.`)]
  if (state === 'open') return [found('hangs', `The ${is}, and could not be brought to its end.`)]
  const expected = state === 'done' ? 1 : 0
  if (out === expected && into === expected) return []
  return [found(state === 'done' ? 'missing' : 'undone', `The ${is}.`)]
}

function auditTallies({ tallies }: Evidence): readonly Violation[] {
  return [...tallies]
    .filter(({ count, bounds }) => count < bounds.atLeast || count > bounds.atMost)
    .map(({ id, count, bounds }) =>
      found('count', `${id} is ${count}; it must be from ${bounds.atLeast} to ${bounds.atMost}.`),
    )
}

const found = (promise: Violation['promise'], text: string): Violation => ({ promise, text })

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((all, one) => all + one, 0)
}
