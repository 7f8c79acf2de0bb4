import type { EndStatus } from '../protocol/result.ts'
import type { Done, Ended, Started, Step } from './journal-entry.ts'

// Entries that every execution makes. Classes, because what a literal makes V8 may take for long-lived, and with it what is in it:
// decision 0012.

/** A step has ended now. */
export class StepDone implements Done {
  readonly kind = 'done'
  readonly step: number
  readonly of: Done['of']
  readonly name: string
  readonly digest: Uint8Array | undefined
  readonly exit: Uint8Array
  readonly attempts: number
  readonly at: number

  constructor({ step, kind, name, digest }: Step, { exit, attempts, at }: Pick<Done, 'exit' | 'attempts' | 'at'>) {
    this.step = step
    this.of = kind
    this.name = name
    this.digest = digest
    this.exit = exit
    this.attempts = attempts
    this.at = at
  }
}

/** An execution begins. */
export class FirstRun implements Started {
  readonly kind = 'started'
  readonly version: number
  readonly run = 1
  readonly input: Uint8Array
  readonly digest: Uint8Array
  readonly at: number
  readonly parents: Started['parents']
  readonly carried: Started['carried']
  readonly handled: Started['handled']

  constructor(
    { at, parents, handled }: Pick<Started, 'at' | 'parents' | 'handled'>,
    { version, input, digest, carried }: Pick<Started, 'version' | 'input' | 'digest' | 'carried'>,
  ) {
    this.version = version
    this.input = input
    this.digest = digest
    this.at = at
    this.parents = parents
    this.carried = carried
    this.handled = handled
  }
}

/** An execution has ended now. */
export class RunEnded implements Ended {
  readonly kind = 'ended'
  readonly status: EndStatus
  readonly exit: Uint8Array
  readonly at: number

  constructor({ status, exit }: Pick<Ended, 'status' | 'exit'>, at: number) {
    this.status = status
    this.exit = exit
    this.at = at
  }
}
