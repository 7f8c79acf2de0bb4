import type { StepContext } from '@cruster/core'
import { activity } from '@cruster/core'
import type { WorkflowContext } from '@cruster/workflow'
import { defineWorkflow, signal, typed } from '@cruster/workflow'

/** One thing that a body does. Plain data. */
export type Act =
  | { readonly kind: 'write'; readonly fails: number }
  | { readonly kind: 'inline' }
  | { readonly kind: 'beside'; readonly count: number }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'race'; readonly ms: number; readonly other: number }
  | { readonly kind: 'child' }
  | { readonly kind: 'take' }
  | { readonly kind: 'anew' }

/** What an execution is to do. */
export interface Plan {
  readonly id: string
  readonly acts: readonly Act[]
  /** Signals that are sent to it, all of which it takes. */
  readonly signals: number
  /** Fails at its end, and undoes everything. */
  readonly fails: boolean
  /** Of a later run: where it goes on, and what it has got. */
  readonly next?: number
  readonly got?: readonly string[]
}

/** What an execution says at its end. */
export interface Report {
  /** Signals, in the order in which they were taken. */
  readonly got: readonly string[]
  /** One more, that nobody sent. */
  readonly more: string | undefined
}

const retry = { attempts: 60, initial: 50, maximum: 400 } as const

export const Job = defineWorkflow('Job', {
  input: typed<Plan>(),
  output: typed<Report>(),
  key: ({ id }) => id,
  signals: { note: signal<string>() },
  activities: { write: activity<{ what: string; fails: number }>({ retry }), undo: activity<string>({ retry }) },
})

export const Part = defineWorkflow('Part', {
  input: typed<string>(),
  output: typed<string>(),
  activities: { write: activity<{ what: string; fails: number }>({ retry }) },
})

async function write({ tx, attempt }: StepContext, what: string, fails: number): Promise<void> {
  await tx.query`insert into done (what) values (${what})`
  if (attempt <= fails) throw new Error(`attempt ${attempt} fails`)
}

export const part = Part.implement({
  activities: { write: (context, { what, fails }) => write(context, what, fails) },
  async run(ctx, what) {
    await ctx.write({ what, fails: 0 })
    await ctx.sleep(20)
    return `part of ${what}`
  },
})

type Context = WorkflowContext<typeof Job>

export const job = Job.implement({
  activities: {
    write: (context, { what, fails }) => write(context, what, fails),
    undo: (context, what) => write(context, `undo ${what}`, 0),
  },
  async run(ctx, plan) {
    const got = [...(plan.got ?? [])]
    for (let index = plan.next ?? 0; index < plan.acts.length; index += 1) {
      const act = plan.acts[index]!
      if (act.kind === 'anew') return ctx.continueAsNew({ ...plan, next: index + 1, got })
      await perform(ctx, { act, name: `${plan.id}.${index}`, got, most: plan.signals })
    }
    while (got.length < plan.signals) got.push(await ctx.signal('note'))
    const more = await ctx.signal('note', { timeout: 100 })
    if (plan.fails) throw new Error(`${plan.id} fails`)
    return { got, more }
  },
})

interface Performance {
  readonly act: Act
  readonly name: string
  readonly got: string[]
  readonly most: number
}

async function perform(ctx: Context, { act, name, got, most }: Performance): Promise<void> {
  switch (act.kind) {
    case 'write':
      return undoable(ctx, name, () => ctx.write({ what: name, fails: act.fails }))
    case 'inline':
      return undoable(ctx, name, () => ctx.run('inline', (context) => write(context, name, 0), { retry }))
    case 'beside': {
      const names = Array.from({ length: act.count }, (_, index) => `${name}.${index}`)
      await ctx.all(names.map((each) => () => undoable(ctx, each, () => ctx.write({ what: each, fails: 0 }))))
      return
    }
    case 'sleep':
      return ctx.sleep(act.ms)
    case 'race':
      await ctx.race([() => ctx.sleep(act.ms), () => ctx.sleep(act.other)])
      return
    case 'child':
      return undoable(ctx, name, async () => {
        await ctx.workflow(Part).execute(name)
      })
    default:
      if (got.length < most) got.push(await ctx.signal('note'))
  }
}

/** An effect that is undone when the execution fails later. */
async function undoable(ctx: Context, name: string, effect: () => Promise<void>): Promise<void> {
  await effect()
  ctx.onFailure(() => ctx.undo(name))
}

/** An effect of a plan. */
export interface Effect {
  readonly what: string
  /** Whether the run that does it is the last one: those before have left what undoes it behind. */
  readonly isOfLastRun: boolean
}

/** What is done in all, when nothing is undone. */
export function effectsOf({ id, acts }: Plan): readonly Effect[] {
  const lastRun = acts.findLastIndex(({ kind }) => kind === 'anew')
  return acts.flatMap((act, index) =>
    namesOf(act, `${id}.${index}`).map((what) => ({ what, isOfLastRun: index > lastRun })),
  )
}

function namesOf(act: Act, name: string): readonly string[] {
  if (act.kind === 'beside') return Array.from({ length: act.count }, (_, each) => `${name}.${each}`)
  return act.kind === 'write' || act.kind === 'inline' || act.kind === 'child' ? [name] : []
}

export const jobTables: readonly string[] = ['create table if not exists done (what text not null)']
