/** States that a reader may fall behind before it misses the oldest. */
const backlog = 1024

interface Reader<Value> {
  readonly pending: Value[]
  wake: (() => void) | undefined
}

/** Tells each reader the value now and every later one, in order. */
export class ChangeFeed<Value> {
  /** Made with the first. */
  #readers: Set<Reader<Value>> | undefined
  #ended = false

  publish(value: Value): void {
    if (this.#readers === undefined) return
    for (const reader of this.#readers) {
      reader.pending.push(value)
      if (reader.pending.length > backlog) reader.pending.shift()
      reader.wake?.()
    }
  }

  /** Ends every reader after what it has not read yet. */
  end(): void {
    this.#ended = true
    for (const reader of this.#readers ?? []) reader.wake?.()
  }

  /** Registers at once, so that nothing between the call and the first read is missed. Ends with the signal. */
  read(first: Value, signal: AbortSignal): AsyncIterable<Value> {
    const reader: Reader<Value> = { pending: [first], wake: undefined }
    const readers = (this.#readers ??= new Set())
    readers.add(reader)
    const stop = (): void => {
      readers.delete(reader)
      reader.wake?.()
    }
    signal.addEventListener('abort', stop, { once: true })
    const next = async (): Promise<IteratorResult<Value, undefined>> => {
      while (reader.pending.length === 0 && !this.#ended && !signal.aborted) {
        await new Promise<void>((resolve) => (reader.wake = resolve))
        reader.wake = undefined
      }
      const [value] = reader.pending.splice(0, 1)
      return value === undefined || signal.aborted ? { done: true, value: undefined } : { done: false, value }
    }
    const end = async (): Promise<IteratorResult<Value, undefined>> => {
      signal.removeEventListener('abort', stop)
      stop()
      return { done: true, value: undefined }
    }
    return { [Symbol.asyncIterator]: () => ({ next, return: end }) }
  }
}
