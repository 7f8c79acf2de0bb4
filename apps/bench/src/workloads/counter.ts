import { activity, defineEntity, memory, rpc } from 'cruster'

/** The entities that calls go round: enough for work side by side, few enough to stay in memory. */
export const entityCount = 256

/** The entity of a caller's turn: callers begin apart from each other and go round all of them. */
export function entityId(caller: number, turn: number): string {
  return `counter-${(caller * 37 + turn) % entityCount}`
}

/** Counts in memory only. */
export const VolatileCounter = defineEntity('VolatileCounter', {
  state: memory(() => ({ count: 0 })),
  methods: {
    /** Answers with what it is asked: the cheapest call there is. */
    echo: rpc<number | string, number | string>(),
    /** Stored before it runs. */
    storedEcho: rpc<number, number>({ persisted: true }),
  },
})

/** Counts on disk, exactly once. */
export const DurableCounter = defineEntity('DurableCounter', {
  state: () => ({ count: 0 }),
  methods: { increment: activity<number, number>(), count: rpc<void, number>() },
})

/** Implementations that also count in the process how often a handler ran. */
export function countingHandlers() {
  const ran = { echo: 0, storedEcho: 0 }
  const volatileCounter = VolatileCounter.implement({
    echo: (_, value) => {
      ran.echo += 1
      return value
    },
    storedEcho: (_, value) => {
      ran.storedEcho += 1
      return value
    },
  })
  const durableCounter = DurableCounter.implement({
    increment: ({ state }, amount) => (state.count += amount),
    count: ({ state }) => state.count,
  })
  return { ran, register: [volatileCounter, durableCounter] }
}
