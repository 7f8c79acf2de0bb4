const callsAtOnce = 256

/** Does something so often, a few hundred at once. */
export async function inTurns(count: number, call: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += callsAtOnce) {
    const size = Math.min(callsAtOnce, count - from)
    await Promise.all(Array.from({ length: size }, (_, offset) => call(from + offset)))
  }
}
