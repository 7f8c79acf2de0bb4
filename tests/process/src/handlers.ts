import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityImplementation } from '@cruster/core'
import { Counter } from './contract.ts'

/** The counters of one runner, which say on which runner they were. */
export function counterOn(runner: string): EntityImplementation {
  return Counter.implement({
    add: async ({ id, state, tx }, operation) => {
      state.count += 1
      await tx.query`insert into public.applied (entity, operation, kind, count, runner)
        values (${id}, ${operation}, 'add', ${state.count}, ${runner})`
      return state.count
    },
    addSlowly: async ({ id, state, tx }, { operation, ms }) => {
      await sleep(ms)
      state.count += 1
      await tx.query`insert into public.applied (entity, operation, kind, count, runner)
        values (${id}, ${operation}, 'add', ${state.count}, ${runner})`
      return state.count
    },
    addInTransaction: async ({ id, state, tx }, { operation, ms }) => {
      state.count += 1
      await tx.query`insert into public.applied (entity, operation, kind, count, runner)
        values (${id}, ${operation}, 'add', ${state.count}, ${runner})`
      await sleep(ms)
      return state.count
    },
    bump: ({ state }) => (state.count += 1),
    noteSlowly: async ({ id, tx }, { operation, ms }) => {
      await sleep(ms)
      await tx.query`insert into public.applied (entity, operation, kind, count, runner)
        values (${id}, ${operation}, 'note', 0, ${runner})`
    },
    read: ({ state }) => state.count,
    where: () => runner,
    measure: (_context, text) => text.length,
    produce: (_context, length) => 'x'.repeat(length),
    async *watch({ changes }) {
      for await (const { count } of changes()) yield count
    },
    async *tick({ signal, resume }, { upTo, pauseMs }) {
      for (let number = (resume?.received ?? 0) + 1; number <= upTo; number += 1) {
        yield number
        await sleep(pauseMs, undefined, { signal })
      }
    },
  })
}
