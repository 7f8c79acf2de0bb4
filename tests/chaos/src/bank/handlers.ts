import type { EntityImplementation } from '@cruster/core'
import { Account, Bookkeeper, Tally } from './contract.ts'

/** What the runners of a chaos run host. */
export const implementations: readonly EntityImplementation[] = [
  Account.implement({
    transfer: async ({ id, state, tx, client }, { transfer, to, amount }) => {
      if (state.balance < amount) return false
      state.balance -= amount
      await tx.query`insert into public.ledger (transfer, account, amount) values (${transfer}, ${id}, ${-amount})`
      await client(Account).notify(to).receive({ transfer, amount })
      return true
    },
    receive: async ({ id, state, tx }, { transfer, amount }) => {
      state.balance += amount
      await tx.query`insert into public.ledger (transfer, account, amount) values (${transfer}, ${id}, ${amount})`
    },
    withdraw: async ({ id, state, client }, { transfer, amount }) => {
      if (state.balance < amount) return false
      state.balance -= amount
      await client(Bookkeeper).notify(id).book({ transfer, amount: -amount })
      return true
    },
    deposit: async ({ id, state, client }, { transfer, amount }) => {
      state.balance += amount
      await client(Bookkeeper).notify(id).book({ transfer, amount })
    },
    balance: ({ state }) => state.balance,
  }),
  Bookkeeper.implement({
    book: async ({ id, tx }, { transfer, amount }) => {
      await tx.query`insert into public.ledger (transfer, account, amount) values (${transfer}, ${id}, ${amount})`
    },
  }),
  Tally.implement({
    add: ({ state }) => (state.count += 1),
    read: ({ state }) => state.count,
  }),
]
