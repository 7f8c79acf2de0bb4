/**
 * Whether an execution is cancelled, and whether that shows. While a section runs that must not be interrupted, a cancellation
 * waits; in one that begins afterwards, operations work.
 */
export class Cancellation {
  readonly #listeners: ((reason: string | undefined) => void)[] = []
  readonly #apply: (reason: string | undefined) => void
  #request: { readonly reason: string | undefined } | undefined
  #isApplied = false
  #sections = 0

  /** `apply` interrupts what is open. It is called once. */
  constructor(apply: (reason: string | undefined) => void) {
    this.#apply = apply
  }

  /** Asked for, whether it shows or not. */
  get isRequested(): boolean {
    return this.#request !== undefined
  }

  /** Set while operations that are asked for fail at once. */
  get interrupts(): { readonly reason: string | undefined } | undefined {
    return this.#isApplied && this.#sections === 0 ? this.#request : undefined
  }

  /** A section runs that is not to be interrupted. */
  get isShielded(): boolean {
    return this.#sections > 0
  }

  onInterrupt(listener: (reason: string | undefined) => void): void {
    this.#listeners.push(listener)
  }

  /** The first request counts. */
  request(reason: string | undefined): void {
    this.#request ??= { reason }
    this.#show()
  }

  enter(): void {
    this.#sections += 1
  }

  leave(): void {
    this.#sections -= 1
    this.#show()
  }

  #show(): void {
    if (this.#request === undefined || this.#isApplied || this.#sections > 0) return
    this.#isApplied = true
    for (const listener of this.#listeners) listener(this.#request.reason)
    this.#apply(this.#request.reason)
  }
}
