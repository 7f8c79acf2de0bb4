import { activity, defineEntity, rpc, stream } from '@cruster/core'

/** How long a handler takes before it writes. */
export interface SlowAdd {
  readonly operation: string
  readonly ms: number
}

/**
 * What the tests call. Every operation leaves a row in the table `applied`, in the same commit as its effect, and nothing
 * but Cruster keeps a row from being there twice.
 */
export const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  methods: {
    /** Adds one. The answer is the new count. */
    add: activity<string, number>(),
    /** The same, after a while. */
    addSlowly: activity<SlowAdd, number>(),
    /** The same, with its row written before the while begins: a transaction is open all the time. */
    addInTransaction: activity<SlowAdd, number>(),
    /** Adds one without a row: what is committed is the state alone. */
    bump: activity<void, number>(),
    /** A stored message, whose effect is its row, written after a while. */
    noteSlowly: rpc<SlowAdd>({ persisted: true }),
    read: rpc<void, number>(),
    /** The name of the runner on which the entity is. */
    where: rpc<void, string>(),
    /** As many characters as it was sent. */
    measure: rpc<string, number>(),
    /** Text of so many characters. */
    produce: rpc<number, string>(),
    /** Each count, from the present one on. */
    watch: stream<void, number>(),
    /** The numbers from 1 on, with a pause after each. Goes on where its reader stopped. */
    tick: stream<{ readonly upTo: number; readonly pauseMs: number }, number>(),
  },
})
