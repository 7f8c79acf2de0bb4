import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves to how many ms it took until the condition held. A condition that throws does not hold. */
export async function until(what: string, withinMs: number, holds: () => boolean | Promise<boolean>): Promise<number> {
  const begin = performance.now()
  for (;;) {
    const isMet = await (async () => holds())().catch(() => false)
    const tookMs = performance.now() - begin
    if (isMet) return tookMs
    if (tookMs > withinMs) throw new Error(`Not within ${withinMs} ms: ${what}.`)
    await sleep(25)
  }
}
