import { activity, defineEntity, rpc } from '@cruster/core'

/** A number that survives everything. Its changing calls are stored before they run, and each is executed once in effect. */
export const Counter = defineEntity('Counter', {
  state: () => ({ value: 0 }),
  methods: {
    get: rpc<void, number>(),
    increment: rpc<number, number>({ persisted: true }),
    decrement: rpc<number, number>({ persisted: true }),
    reset: rpc<void, null>({ persisted: true }),
    change: activity<{ add: number } | { set: number }, number>({ visibility: 'private' }),
  },
})

export const counter = Counter.implement({
  get: ({ state }) => state.value,
  // A delivery that is repeated after a crash finds what the first one did.
  increment: ({ self, request }, amount) => self.change({ add: amount }, { idempotencyKey: request.id }),
  decrement: ({ self, request }, amount) => self.change({ add: -amount }, { idempotencyKey: request.id }),
  reset: async ({ self, request }) => {
    await self.change({ set: 0 }, { idempotencyKey: request.id })
    return null
  },
  change: ({ state }, change) => {
    state.value = 'set' in change ? change.set : state.value + change.add
    return state.value
  },
})
