import type { ChessTime } from '../chess-time.ts'

export interface TickOptions {
  readonly time: ChessTime
  readonly everyMs: number
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

const tick = Symbol('tick')

/** Passes a sequence on, and repeats its latest value whenever nothing has come for `everyMs`. */
export async function* withTicks<Value>(source: AsyncIterable<Value>, options: TickOptions): AsyncGenerator<Value> {
  const iterator = source[Symbol.asyncIterator]()
  let latest: IteratorResult<Value> = await iterator.next()
  let coming: Promise<IteratorResult<Value>> | undefined
  try {
    while (latest.done !== true && !options.signal.aborted) {
      yield latest.value
      coming ??= iterator.next()
      const came = await orTick(coming, options)
      if (came === tick) continue
      latest = came
      coming = undefined
    }
  } finally {
    await iterator.return?.()
  }
}

/** Whatever comes first. Leaves no timer and no listener behind. */
async function orTick<Value>(coming: Promise<Value>, options: TickOptions): Promise<Value | typeof tick> {
  const { time, everyMs, signal } = options
  let onTick: () => void = ignore
  const ticked = new Promise<typeof tick>((resolve) => (onTick = () => resolve(tick)))
  const timer = time.setTimer(everyMs, onTick)
  signal.addEventListener('abort', onTick, { once: true })
  try {
    return await Promise.race([coming, ticked])
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', onTick)
  }
}

function ignore(): void {}
