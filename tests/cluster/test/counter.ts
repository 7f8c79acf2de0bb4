import { activity, defineEntity, rpc, stream } from '@cruster/core'

/** A number that many callers may raise. */
export const Counter = defineEntity('Counter', {
  state: () => ({ count: 0 }),
  methods: {
    increment: activity<number, number>(),
    getCount: rpc<void, number>(),
    watch: stream<void, number>(),
  },
})

export const counter = Counter.implement({
  increment: ({ state }, amount) => (state.count += amount),
  getCount: ({ state }) => state.count,
  async *watch({ changes }) {
    for await (const { count } of changes()) yield count
  },
})
