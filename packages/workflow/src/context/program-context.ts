import type { StepContext, StepOptions } from '@cruster/core'
import { decode, encodeCanonical, validate } from '@cruster/core'
import type { ActivityProgram, WorkflowProgram } from '../engine/workflow-program.ts'
import type { BodyScope } from './body-scope.ts'
import { MethodContext } from './method-context.ts'
import { WorkflowContext, work } from './workflow-context.ts'

type ContextClass = new (scope: BodyScope) => WorkflowContext

/** Made once per program: a context costs one object, whatever the number of activities. */
const classes = new WeakMap<WorkflowProgram, ContextClass>()

/** The context of a run, with the program's activities as methods. */
export function programContext(scope: BodyScope): WorkflowContext {
  const { program, entity } = scope
  if (entity !== undefined) return new MethodContext(scope, entity)
  const known = classes.get(program) ?? contextClass(program)
  classes.set(program, known)
  return new known(scope)
}

function contextClass(program: WorkflowProgram): ContextClass {
  class ProgramContext extends WorkflowContext {
    // Not in a WeakMap: what is in one stays in memory until the next full collection.
    readonly #scope: BodyScope

    constructor(scope: BodyScope) {
      super(scope)
      this.#scope = scope
    }

    static scopeOf(context: object): BodyScope | undefined {
      return #scope in context ? context.#scope : undefined
    }
  }
  for (const activity of program.activities.values()) {
    Object.defineProperty(ProgramContext.prototype, activity.name, {
      value(this: ProgramContext, input?: unknown, options?: StepOptions): Promise<unknown> {
        return callActivity(ProgramContext.scopeOf(this), activity, { input, options })
      },
    })
  }
  return ProgramContext
}

interface ActivityCall {
  readonly input: unknown
  readonly options: StepOptions | undefined
}

function callActivity(
  scope: BodyScope | undefined,
  activity: ActivityProgram,
  { input, options }: ActivityCall,
): Promise<unknown> {
  const { name, method } = activity
  if (scope === undefined) throw new TypeError(`${name} is a method of the context: call it on \`ctx\`.`)
  // As it is now: the body may change it before the activity begins.
  const bytes = encodeCanonical(input, () => `the input of ${scope.program.workflow}.${name}`)
  return work(scope, {
    kind: 'activity',
    name,
    input: bytes,
    invoke: (context) => invoke(activity, context, { input: decode(bytes), workflow: scope.program.workflow }),
    defaults: method,
    options,
  })
}

/** Runs an activity between its schemas, where it has them. */
function invoke(
  { name, method, handler }: ActivityProgram,
  context: StepContext,
  { input, workflow }: { readonly input: unknown; readonly workflow: string },
): unknown {
  if (method.input === undefined && method.output === undefined) return handler(context, input)
  const what = `${workflow}.${name}`
  return (async () => {
    const parsed = await validate(method.input, input, `the input of ${what}`)
    return validate(method.output, await handler(context, parsed), `the output of ${what}`)
  })()
}
