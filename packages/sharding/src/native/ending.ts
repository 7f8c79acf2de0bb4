/**
 * The end of a life, and its signal: which is made when somebody first asks for it, because most lives end before anybody does,
 * and a signal costs as much as the rest of a life.
 */
export class Ending {
  #controller: AbortController | undefined
  #reason: (() => Error) | undefined

  get isOver(): boolean {
    return this.#reason !== undefined
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#reason !== undefined) this.#controller.abort(this.#reason())
    return this.#controller.signal
  }

  /** The first reason counts. It is made for those who look at the signal. False when it is over already. */
  end(reason: () => Error): boolean {
    if (this.#reason !== undefined) return false
    this.#reason = reason
    this.#controller?.abort(reason())
    return true
  }
}
