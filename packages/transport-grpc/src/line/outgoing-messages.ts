/** Batches are joined to messages of at most this size, so that the other side can begin while more is on its way. */
const messageBytes = 256 * 1024

/**
 * Messages of one line that wait for room in the write buffer of HTTP/2. While there is none, the batches of many ticks pile
 * up here and then leave as few large messages.
 *
 * One reader. It gets messages until `end` or `fail`, each of which frees what still waits for nobody.
 */
export class OutgoingMessages implements AsyncIterable<Uint8Array> {
  #batches: Uint8Array[] = []
  #bytes = 0
  #end: { readonly failure?: Error } | undefined
  #wake = (): void => {}

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  push(batch: Uint8Array): void {
    if (this.#end !== undefined) return
    this.#batches.push(batch)
    this.#bytes += batch.length
    this.#wake()
  }

  /** Nothing comes any more; what waits is still read. */
  end(): void {
    this.#end ??= {}
    this.#wake()
  }

  /** What waits is dropped. The reader gets the failure, if there is one. */
  drop(failure?: Error): void {
    this.#end = failure === undefined ? {} : { failure }
    this.#batches = []
    this.#bytes = 0
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      if (this.#batches.length > 0) yield this.#take()
      else if (this.#end?.failure !== undefined) throw this.#end.failure
      else if (this.#end !== undefined) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #take(): Uint8Array {
    const [first = new Uint8Array()] = this.#batches
    let [count, length] = [1, first.length]
    for (; count < this.#batches.length; count += 1) {
      const next = this.#batches[count]?.length ?? 0
      if (length + next > messageBytes) break
      length += next
    }
    const batches = this.#batches.splice(0, count)
    this.#bytes -= length
    return count === 1 ? first : Buffer.concat(batches, length)
  }
}
