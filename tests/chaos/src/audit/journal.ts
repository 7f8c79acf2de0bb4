import type { CallReport, ClientMessage, Transfer, TransferState } from '../client/client-message.ts'

/** A transfer, and what its client knows of it. */
export interface JournalEntry {
  readonly client: string
  readonly transfer: Transfer
  readonly state: TransferState
}

/** What a tally must be at the end. */
export interface TallyBounds {
  readonly atLeast: number
  readonly atMost: number
}

/** A call that ends so long after its deadline hangs. Machines that run tests are often slow. */
const graceMs = 4000

/** Everything that clients have told: kept by the parent, so that it survives them. */
export class Journal {
  readonly entries = new Map<string, JournalEntry>()
  readonly tallies = new Map<string, TallyBounds>()
  /** What clients saw and must not be. */
  readonly wrong: string[] = []
  /** Calls that did not settle by their deadline and the grace. */
  readonly late: CallReport[] = []
  /** How often calls of each name ended how. */
  readonly outcomes = new Map<string, Map<string, number>>()
  longestCallMs = 0
  /** The longest time without any call that succeeded. */
  longestGapMs = 0
  #lastSuccess: number | undefined

  /** Transfers of a client, and its predecessors, of which nobody knows the end. */
  openOf(client: string): readonly Transfer[] {
    return [...this.entries.values()]
      .filter((entry) => entry.client === client && entry.state === 'open')
      .map(({ transfer }) => transfer)
  }

  get calls(): number {
    return [...this.outcomes.values()].reduce((sum, counts) => sum + total(counts), 0)
  }

  get successes(): number {
    return [...this.outcomes.values()].reduce((sum, counts) => sum + (counts.get('ok') ?? 0), 0)
  }

  hear(client: string, message: Exclude<ClientMessage, { kind: 'ready' | 'finished' }>): void {
    switch (message.kind) {
      case 'begun':
        this.entries.set(message.transfer.id, { client, transfer: message.transfer, state: 'open' })
        break
      case 'ended':
        this.#end(message.transfer, message.state)
        break
      case 'call':
        this.#call(message.report)
        break
      case 'tally':
        this.tallies.set(message.id, message)
        break
      case 'wrong':
        this.wrong.push(message.text)
        break
    }
  }

  #end(id: string, state: TransferState): void {
    const entry = this.entries.get(id)
    if (entry === undefined) this.wrong.push(`A client has ended the transfer ${id}, which nobody has begun.`)
    else this.entries.set(id, { ...entry, state })
  }

  #call(report: CallReport): void {
    const { what, outcome, tookMs, timeoutMs } = report
    const counts = this.outcomes.get(what) ?? new Map<string, number>()
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    this.outcomes.set(what, counts)
    this.longestCallMs = Math.max(this.longestCallMs, tookMs)
    if (tookMs > timeoutMs + graceMs) this.late.push(report)
    if (outcome === 'ok') this.#succeed()
  }

  #succeed(): void {
    const now = performance.now()
    this.longestGapMs = Math.max(this.longestGapMs, now - (this.#lastSuccess ?? now))
    this.#lastSuccess = now
  }
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, n) => sum + n, 0)
