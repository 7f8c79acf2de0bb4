import { defineWorkflow, typed } from '@cruster/workflow'

/** Sleeps for longer than anybody waits. */
export const LongSleep = defineWorkflow('LongSleep', { input: typed<number>(), output: typed<void>(), key: String })

export const longSleep = LongSleep.implement({ run: (ctx) => ctx.sleep('30 days') })
