import type { CrusterErrorOptions, Outcome } from './cruster-error.ts'

/** For errors whose outcome only the thrower knows: it has to be said. */
export interface GivenOutcome extends CrusterErrorOptions {
  readonly outcome: Outcome
}
