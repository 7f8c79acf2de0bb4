/** How often, and how many at once: by default a few hundred. */
export interface Turns {
  readonly count: number
  readonly atOnce?: number
}

/** Does something so often, never more than so many at once. */
export async function inTurns({ count, atOnce = 256 }: Turns, one: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < count) await one(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
}
