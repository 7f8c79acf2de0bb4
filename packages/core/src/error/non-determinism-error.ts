import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** Where the code of a workflow and what it recorded earlier disagree. Steps are texts such as `activity charge (2nd)`. */
export interface Disagreement {
  /** `Workflow/ProcessOrder/order-7`. */
  readonly execution: string
  /** Number of the durable operation in the execution, from 1. */
  readonly step: number
  /** What the journal holds; undefined when the code went on where the journal has nothing like it. */
  readonly recorded: string | undefined
  /** What the code asks for; undefined when it does not come to the recorded step. */
  readonly asked: string | undefined
  /** Digests of the inputs, in hexadecimal digits. */
  readonly recordedDigest?: string | undefined
  readonly askedDigest?: string | undefined
}

/** The body of a workflow does not do what it did before. The execution is paused: nothing ran on. */
export class NonDeterminismError extends CrusterError {
  static readonly code = 'NON_DETERMINISM'
  override readonly name = 'NonDeterminismError'
  readonly code = NonDeterminismError.code
  readonly execution: string
  readonly step: number
  readonly recorded: string | undefined
  readonly asked: string | undefined
  readonly recordedDigest: string | undefined
  readonly askedDigest: string | undefined

  constructor(disagreement: Disagreement) {
    super(
      `${disagreement.execution} is paused at step ${disagreement.step}: ${sentence(disagreement)}. Nothing ran on. ` +
        'Deploy code that agrees with the journal (keep the old path behind `patched`, or register the change as a new version), then resume it.',
    )
    this.execution = disagreement.execution
    this.step = disagreement.step
    this.recorded = disagreement.recorded
    this.asked = disagreement.asked
    this.recordedDigest = disagreement.recordedDigest
    this.askedDigest = disagreement.askedDigest
  }

  override details(): Readonly<Record<string, unknown>> {
    const { execution, step, recorded, asked, recordedDigest, askedDigest } = this
    return { execution, step, recorded, asked, recordedDigest, askedDigest }
  }

  static revive(details: ErrorDetails): NonDeterminismError {
    const optional = (field: string): string | undefined =>
      details.value(field) === undefined ? undefined : details.text(field)
    return new NonDeterminismError({
      execution: details.text('execution'),
      step: details.number('step'),
      recorded: optional('recorded'),
      asked: optional('asked'),
      recordedDigest: optional('recordedDigest'),
      askedDigest: optional('askedDigest'),
    })
  }
}

function sentence({ recorded, asked, recordedDigest, askedDigest }: Disagreement): string {
  if (recorded === undefined) return `the code asks for ${asked ?? 'more'}, and nothing like it is recorded`
  if (asked === undefined) return `recorded is ${recorded}, and the code does not come to it`
  if (recorded !== asked) return `recorded is ${recorded}, the code asks for ${asked}`
  return `${recorded} is recorded with another input (digest ${recordedDigest ?? 'none'}, the code's is ${askedDigest ?? 'none'})`
}
