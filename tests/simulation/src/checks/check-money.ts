import type { History, Operation, Simulation, Violation } from '@cruster/testing'
import { Account, Ledger } from '../entities.ts'
import { rowsOf } from '../sql.ts'

/** Money is neither made nor lost, rows of SQL agree with state, and no booking is there twice. */
export async function checkMoney(history: History, simulation: Simulation): Promise<readonly Violation[]> {
  return [...(await checkAccounts(history, simulation)), ...(await checkBookings(history, simulation))]
}

async function checkAccounts(history: History, simulation: Simulation): Promise<readonly Violation[]> {
  const rows = await rowsOf<Row>(simulation.storage, 'select request, account, amount from transfers')
  const accounts = [...history.byEntity(Account, { method: 'balance' }).values()]
  const balances = accounts.flatMap((reads) => {
    const last = reads.at(-1)
    return last?.outcome.kind === 'returned' ? [{ id: last.id, balance: Number(last.outcome.value) }] : []
  })
  const total = balances.reduce((sum, { balance }) => sum + balance, 0)
  const wrong = balances.filter(({ id, balance }) => 100 + sumOf(rows, id) !== balance)
  const twice = rows.filter((row, at) => rows.findIndex(sameAs(row)) !== at)
  return [
    ...(total === 100 * balances.length ? [] : [say(`there are ${total} in ${balances.length} accounts`)]),
    ...wrong.map(({ id, balance }) =>
      say(`the rows of ${id} sum up to ${100 + sumOf(rows, id)}, its state to ${balance}`),
    ),
    ...twice.map(({ request, account }) => say(`request ${request} is in the rows of ${account} twice`)),
  ]
}

interface Row {
  readonly request: string
  readonly account: string
  readonly amount: number
}

const sumOf = (rows: readonly Row[], id: string): number =>
  rows.filter(({ account }) => account === id).reduce((sum, { amount }) => sum + amount, 0)
const sameAs =
  (row: Row) =>
  (other: Row): boolean =>
    other.request === row.request && other.account === row.account
const say = (message: string, about?: string): Violation => ({ check: 'exactly once in SQL', message, about })

async function checkBookings(history: History, simulation: Simulation): Promise<readonly Violation[]> {
  const rows = await rowsOf<{ ledger: string; text: string }>(simulation.storage, 'select ledger, text from bookings')
  const byText = Map.groupBy(history.of(Ledger, { method: 'book' }), ({ id, input }) => `${id} ${String(input)}`)
  return [...byText].flatMap(([name, operations]) => {
    const count = rows.filter(({ ledger, text }) => `${ledger} ${text}` === name).length
    return isPossible(count, operations)
      ? []
      : [say(`"${name}" is booked ${count} times`, `Ledger/${operations[0]?.id}`)]
  })
}

function isPossible(count: number, operations: readonly Operation[]): boolean {
  if (count > 1) return false
  const kinds = operations.map(({ outcome }) => outcome.kind)
  if (count === 0) return !kinds.includes('returned')
  return kinds.some((kind) => kind !== 'refused')
}
