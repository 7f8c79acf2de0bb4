import { CrusterError } from './cruster-error.ts'
import type { ErrorDetails } from './error-details.ts'

/** The wall clock is so far behind the ids given out already that new ones could repeat. Nothing was started. */
export class ClockDriftExceeded extends CrusterError {
  static readonly code = 'CLOCK_DRIFT'
  override readonly name = 'ClockDriftExceeded'
  readonly code = ClockDriftExceeded.code
  readonly driftMs: number

  constructor(driftMs: number) {
    super(
      `The wall clock of this machine is ${driftMs} ms behind the newest id given out. ` +
        'No new ids are made until it has caught up. Check its time synchronisation.',
    )
    this.driftMs = driftMs
  }

  override details(): Readonly<Record<string, unknown>> {
    return { driftMs: this.driftMs }
  }

  static revive(details: ErrorDetails): ClockDriftExceeded {
    return new ClockDriftExceeded(details.number('driftMs'))
  }
}
