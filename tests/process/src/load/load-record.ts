import { isCrusterError } from '@cruster/core'
import type { FailedCall, LoadReport } from './load-settings.ts'

/** Writes down how the calls of a load end. */
export class LoadRecord {
  readonly #acknowledged: Record<string, string[]> = {}
  readonly #failed: FailedCall[] = []
  readonly #answeredAt = new Map<string, number>()
  readonly #longestGapMs: Record<string, number> = {}
  readonly #tookMs: number[] = []
  #answered = 0

  get answered(): number {
    return this.#answered
  }

  async call(call: { readonly id: string; readonly operation: string }, make: () => Promise<unknown>): Promise<void> {
    const begunAt = performance.now()
    try {
      await make()
      this.#answer(call)
    } catch (error) {
      const tookMs = performance.now() - begunAt
      this.#failed.push({ ...call, ...kindOf(error), tookMs })
    }
    this.#tookMs.push(performance.now() - begunAt)
  }

  report(pauseMs: number): LoadReport {
    const sorted = this.#tookMs.toSorted((a, b) => a - b)
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
    const gaps = Object.entries(this.#longestGapMs).map(([id, ms]) => [id, Math.round(ms - pauseMs)])
    return {
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      calls: sorted.length,
      slowestMs: at(1),
      longestGapMs: Object.fromEntries(gaps) as LoadReport['longestGapMs'],
      medianMs: at(0.5),
      p99Ms: at(0.99),
    }
  }

  #answer({ id, operation }: { readonly id: string; readonly operation: string }): void {
    this.#answered += 1
    ;(this.#acknowledged[id] ??= []).push(operation)
    const now = performance.now()
    const gapMs = now - (this.#answeredAt.get(id) ?? now)
    this.#answeredAt.set(id, now)
    this.#longestGapMs[id] = Math.max(this.#longestGapMs[id] ?? 0, gapMs)
  }
}

function kindOf(error: unknown): Pick<FailedCall, 'code' | 'outcome'> {
  if (isCrusterError(error)) return { code: error.code, outcome: error.outcome }
  return { code: String(error), outcome: 'wrong' }
}
