import { activity } from 'cruster'
import { defineWorkflow, typed } from '@cruster/workflow'

/** Three activities, one after the other, that do as little as an activity can. */
export const ThreeSteps = defineWorkflow('ThreeSteps', {
  input: typed<string>(),
  output: typed<number>(),
  key: (id) => id,
  activities: { one: activity<number, number>(), two: activity<number, number>(), three: activity<number, number>() },
})

/** The same, and each activity writes a row of its user in the transaction of its journal entry. */
export const ThreeRows = defineWorkflow('ThreeRows', {
  input: typed<string>(),
  output: typed<string>(),
  key: (id) => id,
  activities: { first: activity<string>(), second: activity<string>(), third: activity<string>() },
})

/** Implementations that also count in the process how often an activity ran. */
export function steppingHandlers() {
  const ran = { steps: 0 }
  const step = (_: unknown, before: number): number => {
    ran.steps += 1
    return before + 1
  }
  const threeSteps = ThreeSteps.implement({
    activities: { one: step, two: step, three: step },
    run: async (ctx) => ctx.three(await ctx.two(await ctx.one(0))),
  })
  const threeRows = ThreeRows.implement({
    activities: {
      first: async ({ tx }, id) => void (await tx.query`insert into user_rows (step) values (${`${id} 1`})`),
      second: async ({ tx }, id) => void (await tx.query`insert into user_rows (step) values (${`${id} 2`})`),
      third: async ({ tx }, id) => void (await tx.query`insert into user_rows (step) values (${`${id} 3`})`),
    },
    async run(ctx, id) {
      await ctx.first(id)
      await ctx.second(id)
      await ctx.third(id)
      return id
    },
  })
  return { ran, register: [threeSteps, threeRows] }
}
