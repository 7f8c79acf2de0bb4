import { activity, error } from '@cruster/core'
import type { ClientFactory, DurableContext, StepContext } from '@cruster/core'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { defineActivityGroup } from '../../src/contract/activity-group.ts'
import { deferredKey } from '../../src/contract/deferred-key.ts'
import { query } from '../../src/contract/query.ts'
import { signal } from '../../src/contract/signal.ts'
import { typed } from '../../src/contract/typed.ts'
import type { WorkflowContext } from '../../src/contract/workflow-context.ts'
import { defineWorkflow } from '../../src/define-workflow.ts'

interface Charge {
  readonly orderId: string
  readonly amount: number
}

const order = z.object({ orderId: z.string(), amount: z.number().default(1) })

const Inventory = defineActivityGroup('Inventory', {
  activities: {
    reserve: activity<{ orderId: string; count: number }, string>(),
    release: activity<string>(),
  },
})

const ProcessOrder = defineWorkflow('ProcessOrder', {
  input: order,
  output: typed<{ orderId: string; payment: string }>(),
  key: ({ orderId, amount }) => {
    expectTypeOf(amount).toEqualTypeOf<number>()
    return orderId
  },
  version: 2,
  activities: {
    charge: activity<Charge, string>({ retry: { attempts: 4, backoff: 'exponential' }, timeout: '30s' }),
    refund: activity<{ payment: string }>({ heartbeat: '10s' }),
    ping: activity(),
    quote: activity({ input: z.object({ n: z.number().default(1) }), output: z.number() }),
  },
  groups: [Inventory],
  signals: { approve: signal<boolean>(), note: signal(z.object({ text: z.string().default('') })), poke: signal() },
  queries: { progress: query<void, number>(), detail: query({ input: z.string(), output: z.array(z.string()) }) },
  errors: { OutOfStock: error<{ left: number }>() },
})

const Plain = defineWorkflow('Plain', {
  input: typed<{ n: number }>(),
  output: typed<string>(),
  key: ({ n }) => n,
  retention: '3 days',
})
const Nothing = defineWorkflow('Nothing')

declare const client: ClientFactory
declare const inventory: ReturnType<typeof Inventory.implement>

describe('what a contract of a workflow lets one write', () => {
  it('infers the arguments and results of handlers without annotations', () => {
    const reserved = Inventory.implement({
      reserve: (context, { count }) => {
        expectTypeOf(context).toEqualTypeOf<StepContext>()
        return `r${count}`
      },
      release: (_, text) => {
        expectTypeOf(text).toEqualTypeOf<string>()
      },
    })
    ProcessOrder.implement({
      activities: {
        charge: ({ signal: aborted, attempt, idempotencyKey }, { amount }) =>
          `${idempotencyKey} ${attempt} ${amount} ${aborted.aborted}`,
        refund: async ({ tx }, { payment }) => {
          await tx.query`delete from payments where id = ${payment}`
        },
        ping: (_, nothing) => {
          expectTypeOf(nothing).toEqualTypeOf<void>()
        },
        quote: (_, { n }) => n,
      },
      groups: [reserved],
      async run(ctx, { orderId, amount }) {
        const reservation = await ctx.reserve({ orderId, count: 3 })
        expectTypeOf(reservation).toEqualTypeOf<string>()
        const payment = await ctx.charge({ orderId, amount }, { timeout: '5s', retry: { attempts: 2 } })
        ctx.onFailure(() => ctx.refund({ payment }))
        await ctx.sleep('1 hour')
        expectTypeOf(await ctx.signal('approve')).toEqualTypeOf<boolean>()
        expectTypeOf(await ctx.signal('approve', { timeout: '2 days' })).toEqualTypeOf<boolean | undefined>()
        expectTypeOf(await ctx.signal('note')).toEqualTypeOf<{ text: string }>()
        expectTypeOf(await ctx.quote({})).toEqualTypeOf<number>()
        ctx.setQuery('progress', () => 1)
        ctx.setQuery('detail', (of) => {
          expectTypeOf(of).toEqualTypeOf<string>()
          return [of]
        })
        return { orderId, payment }
      },
    })
  })

  it('leaves open what handlers need', () => {
    const made = Plain.implement((deps: { prefix: string }) => ({
      run: (ctx, { n }) => `${deps.prefix}${n}${ctx.executionId}`,
    }))
    expectTypeOf(made.with).parameter(0).toEqualTypeOf<{ prefix: string }>()
    const group = Inventory.implement((deps: { stock: number }) => ({
      reserve: (_, { count }) => `${deps.stock - count}`,
      release: () => {},
    }))
    expectTypeOf(group.with({ stock: 3 }).contract.name).toEqualTypeOf<'Inventory'>()
  })

  it('types durable operations', () => {
    const paid = deferredKey<Charge>('paid')
    const use = async (ctx: WorkflowContext<typeof ProcessOrder>): Promise<void> => {
      expectTypeOf(ctx.now()).toEqualTypeOf<number>()
      expectTypeOf(ctx.uuid()).toEqualTypeOf<string>()
      expectTypeOf(await ctx.deferred(paid).wait()).toEqualTypeOf<Charge>()
      expectTypeOf(await ctx.deferred<number>('n').wait({ timeout: '1s' })).toEqualTypeOf<number | undefined>()
      expectTypeOf(await ctx.run('step', ({ attempt }) => attempt)).toEqualTypeOf<number>()
      expectTypeOf(await ctx.all([ctx.charge({ orderId: 'a', amount: 1 }), () => ctx.sleep(5)])).toEqualTypeOf<
        [string, void]
      >()
      expectTypeOf(await ctx.race([ctx.signal('approve'), ctx.sleep('1s')])).toEqualTypeOf<boolean | void>()
      expectTypeOf(await ctx.any([ctx.quote({}), ctx.signal('poke')])).toEqualTypeOf<number | void>()
      expectTypeOf(await ctx.uncancellable(() => ctx.quote({}))).toEqualTypeOf<number>()
      expectTypeOf(await ctx.checkpointCompute('c', () => 'x')).toEqualTypeOf<string>()
      const status = await ctx.checkpoint('status', 'processing')
      expectTypeOf(status.get()).toEqualTypeOf<string>()
      await status.update((old) => `${old}!`)
      const child = ctx.workflow(Plain)
      expectTypeOf(await child.execute({ n: 1 }, { detached: true })).toEqualTypeOf<string>()
      const started = await ctx.workflow(ProcessOrder).start({ orderId: 'x' })
      await started.signal('approve', true)
      expectTypeOf(await started.result()).toEqualTypeOf<{ orderId: string; payment: string }>()
    }
    expectTypeOf(use).toBeFunction()
    expectTypeOf<WorkflowContext<typeof Nothing>>().not.toHaveProperty('charge')
  })

  it('types clients and runs', () => {
    const use = async (): Promise<void> => {
      const orders = client(ProcessOrder)
      expectTypeOf(await orders.execute({ orderId: 'a' })).toEqualTypeOf<{ orderId: string; payment: string }>()
      const run = await orders.start({ orderId: 'a', amount: 2 })
      expectTypeOf(await run.result({ timeout: '5s' })).toEqualTypeOf<{ orderId: string; payment: string }>()
      await run.signal('approve', true, { idempotencyKey: 'k' })
      await run.signal('poke')
      await run.signal('note', {})
      expectTypeOf(await run.query('progress')).toEqualTypeOf<number>()
      expectTypeOf(await run.query('detail', 'x')).toEqualTypeOf<string[]>()
      const polled = await run.poll()
      if (polled.kind === 'completed') expectTypeOf(polled.output.payment).toEqualTypeOf<string>()
      await orders.withKey('k').execute({ orderId: 'a' }, { version: 1, timeout: '1s' })
      await client(Nothing).execute()
      await client(Nothing).withRawKey('id').start(undefined, { version: 1 })
      expectTypeOf(new ProcessOrder.errors.OutOfStock({ left: 1 }).data).toEqualTypeOf<{ left: number }>()
    }
    expectTypeOf(use).toBeFunction()
  })

  it('refuses what cannot work', () => {
    const never = async (ctx: WorkflowContext<typeof ProcessOrder>): Promise<void> => {
      // @ts-expect-error an activity takes the input it declares
      await ctx.charge({ orderId: 'a' })
      // @ts-expect-error only activities of the contract are called
      await ctx.chrage({ orderId: 'a', amount: 1 })
      // @ts-expect-error only signals of the contract are waited for
      await ctx.signal('reject')
      // @ts-expect-error the answer has the type of the query
      ctx.setQuery('progress', () => 'half')
      const run = await client(ProcessOrder).start({ orderId: 'a' })
      // @ts-expect-error a signal carries what it declares
      await run.signal('approve', 'yes')
      // @ts-expect-error only queries of the contract are asked
      await run.query('history')
      // @ts-expect-error an input that is declared must be given
      await client(ProcessOrder).execute()
      // @ts-expect-error activities are private
      await client(ProcessOrder).charge({ orderId: 'a', amount: 1 })
      // @ts-expect-error there is no input
      await client(Nothing).execute('x')
      // @ts-expect-error every activity needs a handler
      ProcessOrder.implement({ activities: { charge: () => '' }, groups: [inventory], run: () => never })
      // @ts-expect-error the body returns the output
      Plain.implement({ run: () => 5 })
      // @ts-expect-error every group needs its implementation
      defineWorkflow('G', { groups: [Inventory] }).implement({ run: () => undefined })
      // @ts-expect-error an activity cannot have the name of an operation
      defineWorkflow('Clash', { activities: { sleep: activity() } })
      // @ts-expect-error nor that of an activity of a group
      defineWorkflow('Clash', { groups: [Inventory], activities: { reserve: activity() } })
      // @ts-expect-error a policy says how many attempts
      activity({ retry: { backoff: 'constant' } })
    }
    expectTypeOf(never).toBeFunction()
    expectTypeOf<DurableContext['sleep']>().toBeFunction()
  })
})
