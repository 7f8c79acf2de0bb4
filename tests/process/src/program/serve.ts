import { isCrusterError } from '@cruster/core'

interface Order {
  readonly number: number
  readonly order: string
  readonly input?: unknown
}

/** How an order ended. */
export interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly failure?: { readonly message: string; readonly code?: string; readonly outcome?: string }
}

type Handlers = Readonly<Record<string, (input: never) => unknown>>

/** What the parent of this program told it at its start. */
export function settings(): unknown {
  return JSON.parse(process.argv[2] ?? '{}')
}

/** Does what the parent orders, several orders at once. The program ends when its parent is gone. */
export function serve(handlers: Handlers): void {
  process.once('disconnect', () => process.exit(0))
  process.on('message', (order: Order) => void obey(order, { ready: () => true, ...handlers }))
}

async function obey({ number, order, input }: Order, handlers: Handlers): Promise<void> {
  try {
    const value: unknown = await handlers[order]?.(input as never)
    answer({ number, value })
  } catch (error) {
    answer({ number, failure: failureOf(error) })
  }
}

function answer(message: Answer): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}

function failureOf(error: unknown): NonNullable<Answer['failure']> {
  if (isCrusterError(error)) return { message: error.message, code: error.code, outcome: error.outcome }
  return { message: String(error) }
}
