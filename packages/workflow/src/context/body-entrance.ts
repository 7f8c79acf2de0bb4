/** How bodies are entered, and left for what the runtime does on their behalf. */
export interface BodyEntrance {
  /** Runs a body, or a part of it. `execution` is `Workflow/ProcessOrder/order-7`. */
  enter<T>(execution: string, body: () => T): T
  /** Runs what is not the body's, although the body asked for it. */
  leave<T>(work: () => T): T
}

const unguarded: BodyEntrance = { enter: (_, body) => body(), leave: (work) => work() }

const current = { entrance: unguarded }

/** Enters the body of an execution. */
export function enterBody<T>(execution: string, body: () => T): T {
  return current.entrance.enter(execution, body)
}

/** Does something for a body that is not its own doing. */
export function outsideOfBody<T>(work: () => T): T {
  return current.entrance.leave(work)
}

/** Has all bodies of the process entered in another way, until the returned function is called. */
export function guardBodies(entrance: BodyEntrance): () => void {
  current.entrance = entrance
  return () => {
    current.entrance = unguarded
  }
}
