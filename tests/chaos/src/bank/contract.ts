import { activity, defineEntity, rpc } from '@cruster/core'

/** What every account has at the beginning. */
export const openingBalance = 1000

/** One side of a transfer, as it is written down. */
export interface Entry {
  readonly transfer: string
  readonly amount: number
}

/** Money of an account that goes to another. */
export interface Order extends Entry {
  readonly to: string
}

/** An account. What it does to its balance is also a row of the ledger, in the same commit or by a message of it. */
export const Account = defineEntity('Account', {
  state: () => ({ balance: openingBalance }),
  methods: {
    /** Takes the money, writes its row, and sends the money as a message: all in one commit. False: not covered. */
    transfer: activity<Order, boolean>(),
    receive: activity<Entry>({ visibility: 'protected' }),
    /** Takes the money and has it booked. Whoever withdrew it deposits it elsewhere. False: not covered. */
    withdraw: activity<Entry, boolean>(),
    deposit: activity<Entry>(),
    balance: rpc<void, number>(),
  },
})

/** Books what accounts tell it: a stored call whose only effect is a row. */
export const Bookkeeper = defineEntity('Bookkeeper', {
  methods: { book: rpc<Entry>({ persisted: true, visibility: 'protected' }) },
})

/** Counts what one caller does, one after the other: a check of what callers may see. */
export const Tally = defineEntity('Tally', {
  state: () => ({ count: 0 }),
  methods: { add: activity<void, number>(), read: rpc<void, number>() },
})

/** Accounts are numbered. */
export const accountIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `account-${index + 1}`)
