/**
 * What a call of a `workflow` method is answered with until there is a result: where to go on asking. Clients follow it by
 * themselves; nobody else sees it.
 */
export interface Continuation {
  readonly '~continuation': {
    /** The entity to ask. It is placed with the one that was called. */
    readonly type: string
    readonly id: string
    /** One of its volatile methods, which takes {@link ContinuedWait}. */
    readonly method: string
    /** How long its last answer took by its owner's clock, in milliseconds. */
    readonly waitedMs: number
  }
}

/** How long an entity that goes on with a call may wait before it answers. */
export interface ContinuedWait {
  readonly waitMs: number
}

/** Whether a value says where to go on asking. */
export function isContinuation(value: unknown): value is Continuation {
  return typeof value === 'object' && value !== null && '~continuation' in value
}
