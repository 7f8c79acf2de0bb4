import type { BodyScope } from './body-scope.ts'
import { waitOf } from './asking.ts'

type AnyBranch = Promise<unknown> | (() => Promise<unknown>)

/** As `Promise.all`. */
export function all(branches: readonly AnyBranch[]): Promise<unknown> {
  return Promise.all(branches.map(begin))
}

/** As `Promise.race`; waits that it began itself and that lost are given up. */
export function race(scope: BodyScope, branches: readonly AnyBranch[]): Promise<unknown> {
  return first(scope, branches, (begun) => Promise.race(begun))
}

/** As `Promise.any`; waits that it began itself and that lost are given up. */
export function any(scope: BodyScope, branches: readonly AnyBranch[]): Promise<unknown> {
  return first(scope, branches, (begun) => Promise.any(begun))
}

type Select = (begun: readonly Promise<unknown>[]) => Promise<unknown>

async function first(scope: BodyScope, branches: readonly AnyBranch[], select: Select): Promise<unknown> {
  const begun = branches.map(begin)
  try {
    return await select(begun)
  } finally {
    // A promise that the body passed may be waited for elsewhere; one that was begun here is nobody else's.
    for (const [index, branch] of branches.entries()) {
      if (typeof branch === 'function') giveUp(scope, begun[index])
    }
  }
}

function begin(branch: AnyBranch): Promise<unknown> {
  return typeof branch === 'function' ? branch() : branch
}

/** A wait that stays open would take the next signal from whoever waits for it then. */
function giveUp({ replay }: BodyScope, promise: Promise<unknown> | undefined): void {
  const wait = promise === undefined ? undefined : waitOf(promise)
  if (wait !== undefined) replay.withdraw(wait)
}
