import assert from 'node:assert/strict'

/** Time that laws can let pass: virtual where that is possible, else real. */
export interface Time {
  advance(ms: number): Promise<void>
}

/** Lets time pass until the condition holds. Fails with the sentence when it does not within `withinMs`. */
export async function eventually(
  time: Time,
  sentence: string,
  { withinMs, holds }: { readonly withinMs: number; readonly holds: () => boolean },
): Promise<void> {
  // Short steps first, because most things happen at once, and real time is dear.
  for (let waitedMs = 0, stepMs = 1; waitedMs < withinMs && !holds(); waitedMs += stepMs) {
    stepMs = Math.min(stepMs * 1.5, withinMs / 50)
    await time.advance(stepMs)
  }
  assert.ok(holds(), `did not happen within ${withinMs} ms: ${sentence}`)
}
