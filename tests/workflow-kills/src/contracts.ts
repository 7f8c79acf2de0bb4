import { activity } from '@cruster/core'
import { defineActivityGroup, defineWorkflow, signal, typed } from '@cruster/workflow'

/** What an activity leaves in PostgreSQL: a row, in the commit of its record. Nothing else keeps it from being there twice. */
export interface Effect {
  readonly execution: string
  readonly step: string
}

/** Activities with effects, for all workflows here. */
export const Effects = defineActivityGroup('Effects', {
  activities: {
    write: activity<Effect>(),
    /** Fails at its first two attempts. */
    writeAtLast: activity<Effect>({ retry: { attempts: 5, initial: '20ms', maximum: '50ms' } }),
    /** Fails always. */
    refuse: activity<string>({ retry: { attempts: 1 } }),
  },
})

const common = { input: typed<string>(), output: typed<string>(), key: (id: string) => id, groups: [Effects] as const }

/** Steps, a sleep, and a step. */
export const Order = defineWorkflow('Order', common)

/** Sleeps thrice, with a step after each. */
export const Naps = defineWorkflow('Naps', common)

/** Asks two children at once, and goes on with what they say. */
export const Family = defineWorkflow('Family', common)

export const Child = defineWorkflow('Child', common)

/** Waits for two signals, in their order. */
export const Approval = defineWorkflow('Approval', { ...common, signals: { approve: signal<number>() } })

/** Fails, and undoes what it has done. */
export const Saga = defineWorkflow('Saga', common)

/** Has a step that fails before it succeeds. */
export const Stubborn = defineWorkflow('Stubborn', common)
