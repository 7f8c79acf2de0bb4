import { WorkflowCancelled, encodeError, encodeExit, encodeSuccess, isCrusterError, validate } from '@cruster/core'
import { enterBody } from '../context/body-entrance.ts'
import type { BodyScope } from '../context/body-scope.ts'
import { programContext } from '../context/program-context.ts'
import type { EndStatus } from '../protocol/result.ts'

/** How a body has ended. */
export interface BodyEnd {
  readonly status: EndStatus
  /** Encoded. */
  readonly exit: Uint8Array
  /** Of a failure, for people. */
  readonly note: string | undefined
}

/** Runs a body to its end; when it fails, what undoes its work runs too. Never rejects. */
export async function runBody(scope: BodyScope, input: unknown): Promise<BodyEnd> {
  const { program } = scope
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract typed its body by this context
    const returned = await enterBody(nameOf(scope), () => program.run(programContext(scope) as never, input))
    const what = (): string => `the output of ${program.workflow}`
    const output = program.output === undefined ? returned : await validate(program.output, returned, what())
    return { status: 'completed', exit: encodeSuccess(output, what), note: undefined }
  } catch (error) {
    await compensate(scope)
    return failure(scope, error)
  }
}

/** Undoes in reverse order. One that fails does not keep the others from running. */
async function compensate(scope: BodyScope): Promise<void> {
  const { compensations, replay, log } = scope
  replay.cancellation.enter()
  for (const compensation of compensations.toReversed()) {
    try {
      await enterBody(nameOf(scope), compensation)
    } catch (error) {
      if (!replay.isReplaying) log.log('error', 'A compensation failed; the others go on.', { error })
    }
  }
}

const nameOf = ({ execution }: BodyScope): string => `${execution.type}/${execution.id}`

function failure({ replay }: BodyScope, error: unknown): BodyEnd {
  const data = encodeError(error)
  const told = data.outcome === 'not-started' ? { ...data, outcome: 'failed' as const } : data
  const isCancelled = isCrusterError(error) && error.code === WorkflowCancelled.code && replay.cancellation.isRequested
  return {
    status: isCancelled ? 'cancelled' : 'failed',
    exit: encodeExit({ kind: 'failure', error: told }),
    note: `${data.name}: ${data.message}`.slice(0, 500),
  }
}
