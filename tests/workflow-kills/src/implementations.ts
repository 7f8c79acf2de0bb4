import { Approval, Child, Effects, Family, Naps, Order, Saga, Stubborn } from './contracts.ts'

const effects = Effects.implement({
  write: async ({ tx }, { execution, step }) => {
    await tx.query`insert into public.effects (execution, step) values (${execution}, ${step})`
  },
  writeAtLast: async ({ tx, attempt }, { execution, step }) => {
    await tx.query`insert into public.effects (execution, step) values (${execution}, ${step})`
    if (attempt < 3) throw new Error(`attempt ${attempt} fails`)
  },
  refuse: (_context, what) => {
    throw new Error(`${what} is refused`)
  },
})
const groups = [effects] as const

const order = Order.implement({
  groups,
  async run(ctx, execution) {
    await ctx.write({ execution, step: 'reserve' })
    await ctx.write({ execution, step: 'charge' })
    await ctx.sleep('30ms')
    await ctx.write({ execution, step: 'ship' })
    return 'shipped'
  },
})

const naps = Naps.implement({
  groups,
  async run(ctx, execution) {
    for (const nap of [1, 2, 3]) {
      await ctx.sleep(nap * 40)
      await ctx.write({ execution, step: `nap ${nap}` })
    }
    return 'awake'
  },
})

const child = Child.implement({
  groups,
  async run(ctx, execution) {
    await ctx.write({ execution, step: 'play' })
    await ctx.sleep('20ms')
    return `${execution} played`
  },
})

const family = Family.implement({
  groups,
  async run(ctx, execution) {
    const said = await ctx.all(['one', 'two'].map((name) => ctx.workflow(Child).execute(`${execution}-${name}`)))
    await ctx.write({ execution, step: 'gather' })
    return said.join(', ')
  },
})

const approval = Approval.implement({
  groups,
  async run(ctx, execution) {
    const values: number[] = []
    while (values.length < 2) {
      values.push(await ctx.signal('approve'))
      await ctx.write({ execution, step: `approved ${values.at(-1)}` })
    }
    return values.join(' then ')
  },
})

const saga = Saga.implement({
  groups,
  async run(ctx, execution) {
    for (const booking of ['flight', 'hotel']) {
      await ctx.write({ execution, step: `book ${booking}` })
      ctx.onFailure(() => ctx.write({ execution, step: `cancel ${booking}` }))
    }
    await ctx.refuse('the payment')
    return 'booked'
  },
})

const stubborn = Stubborn.implement({
  groups,
  async run(ctx, execution) {
    await ctx.writeAtLast({ execution, step: 'at last' })
    return 'done'
  },
})

/** All that a runner here executes. */
export const implementations = [order, naps, child, family, approval, saga, stubborn]
