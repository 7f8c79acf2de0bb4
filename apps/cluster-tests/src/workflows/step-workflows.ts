import { activity, error } from '@cruster/core'
import type { StepContext } from '@cruster/core'
import { defineWorkflow, typed } from '@cruster/workflow'
import type { Execution } from './executions.ts'
import { recordResult, recordStep } from './executions.ts'

interface Step extends Execution {
  readonly step: string
}

interface Result extends Execution {
  readonly result: string
}

const key = ({ id, exec_id }: Execution): string => `${id}/${exec_id}`

const activities = { step: activity<Step>(), finish: activity<Result>() }

const handlers = {
  step: ({ tx }: StepContext, { step, ...execution }: Step) => recordStep(tx, execution, step),
  finish: ({ tx }: StepContext, { result, ...execution }: Result) => recordResult(tx, execution, result),
}

/** Three steps and a result. */
export const SimpleWorkflow = defineWorkflow('SimpleWorkflow', {
  input: typed<Execution>(),
  output: typed<string>(),
  key,
  activities,
})

export const simpleWorkflow = SimpleWorkflow.implement({
  activities: handlers,
  run: async (ctx, execution) => {
    for (const step of ['step1', 'step2', 'step3']) await ctx.step({ ...execution, step })
    const result = `completed:${execution.exec_id}`
    await ctx.finish({ ...execution, result })
    return result
  },
})

/** Fails before one of its steps, and records that it did. */
export const FailingWorkflow = defineWorkflow('FailingWorkflow', {
  input: typed<Execution & { readonly fail_at: number }>(),
  output: typed<string>(),
  key,
  activities,
  errors: { StepFailed: error<{ step: number }>() },
})

export const failingWorkflow = FailingWorkflow.implement({
  activities: handlers,
  run: async (ctx, { fail_at: failing, ...execution }) => {
    for (let step = 1; step < failing; step += 1) await ctx.step({ ...execution, step: `step${step}` })
    await ctx.finish({ ...execution, result: `failed:step${failing}` })
    throw new FailingWorkflow.errors.StepFailed({ step: failing }, `The workflow failed at step ${failing}.`)
  },
})

/** As many steps as it is told. */
export const LongWorkflow = defineWorkflow('LongWorkflow', {
  input: typed<Execution & { readonly steps: number }>(),
  output: typed<string>(),
  key,
  activities,
})

export const longWorkflow = LongWorkflow.implement({
  activities: handlers,
  run: async (ctx, { steps, ...execution }) => {
    for (let step = 0; step < steps; step += 1) await ctx.step({ ...execution, step: `step${step}` })
    const result = `completed:${execution.exec_id}`
    await ctx.finish({ ...execution, result })
    return result
  },
})
