import type { Calls, Methods } from '@cruster/core'
import { validate } from '@cruster/core'
import type { HandledMethod } from './registered-entity.ts'
import type { Run } from './run.ts'
import { RunContext } from './run-context.ts'

/**
 * `self`: every method of the entity, called in place. In an activity all of them join it: one draft, one transaction,
 * one commit. Elsewhere an activity goes through the mailbox, for its own commit.
 */
export function selfCalls(run: Run): Calls<Methods> {
  const calls: Record<string, (input?: unknown, options?: object) => unknown> = {}
  for (const [name, method] of run.owner.entity.methods) {
    calls[name] = (input, options) => callSelf(run, method, { input, options })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the entity's own methods
  return calls as unknown as Calls<Methods>
}

interface SelfCall {
  readonly input: unknown
  readonly options: object | undefined
}

function callSelf(run: Run, method: HandledMethod, { input, options = {} }: SelfCall): unknown {
  const { kind } = method.method
  if (kind === 'stream') return streamInPlace(run, method, input)
  if (kind === 'activity' && !run.isActivity) {
    const { contract } = run.owner.entity
    return run.port.call({ contract, id: run.address.id, name: method.name, method: method.method }, input, options)
  }
  return inPlace(run, method, input)
}

/** A promise, as every call gives. */
async function inPlace(run: Run, method: HandledMethod, input: unknown): Promise<unknown> {
  return run.call(method, input)
}

async function* streamInPlace(run: Run, method: HandledMethod, input: unknown): AsyncIterable<unknown> {
  const parsed = await validate(method.method.input, input, `the input of ${run.owner.entity.name}.${method.name}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract says so of streams
  yield* method.handler(new RunContext(run, method.part), parsed) as AsyncIterable<unknown>
}
