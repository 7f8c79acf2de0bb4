import { describe, it } from 'vitest'
import type { Law, Subject } from './law.ts'
import { checkLaw } from './law.ts'

/** Registers one test per law, each on a fresh instance. A known gap is skipped, and its title says why. */
export function describeLaws<Port extends AsyncDisposable>(subject: Subject<Port>, laws: readonly Law<Port>[]): void {
  describe(subject.name, () => {
    for (const law of laws) {
      const gap = subject.knownGaps?.[law.id]
      const note = gap === undefined ? '' : ` (gap: ${gap})`
      it.skipIf(gap !== undefined)(`${law.id} ${law.title}${note}`, () => checkLaw(subject, law))
    }
  })
}
