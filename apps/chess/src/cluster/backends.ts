/** One process that serves requests. */
export interface Backend {
  readonly name: string
  /** Without a slash at the end. */
  readonly url: string
}

/** After a failure a process is asked last for this long. */
const suspicionMs = 1000

/** The processes behind one address. Who asks for one gets the others too, in the order in which to try them. */
export class Backends {
  readonly #now: () => number
  #all: readonly Backend[] = []
  readonly #suspectUntil = new Map<Backend, number>()
  #turn = 0

  constructor(now: () => number) {
    this.#now = now
  }

  add(backend: Backend): void {
    this.#all = [...this.#all, backend]
  }

  remove(backend: Backend): void {
    this.#all = this.#all.filter((other) => other !== backend)
    this.#suspectUntil.delete(backend)
  }

  /** It did not answer: others come first for a while. */
  suspect(backend: Backend): void {
    this.#suspectUntil.set(backend, this.#now() + suspicionMs)
  }

  /** Each once, each time with another one first; those that have just failed are last. */
  inTurn(): readonly Backend[] {
    const all = this.#all
    const first = all.length === 0 ? 0 : this.#turn++ % all.length
    const rotated = [...all.slice(first), ...all.slice(0, first)]
    const isSuspect = (backend: Backend): boolean => (this.#suspectUntil.get(backend) ?? 0) > this.#now()
    return [...rotated.filter((backend) => !isSuspect(backend)), ...rotated.filter(isSuspect)]
  }
}
