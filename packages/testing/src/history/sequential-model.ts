/** One step of a model: an operation as far as it concerns one entity. */
export interface ModelInput {
  readonly method: string
  readonly input: unknown
}

/**
 * What an entity would do if its operations came one after the other. `step` is pure; states are plain data, and equal ones look
 * equal as JSON.
 */
export interface SequentialModel<State> {
  readonly initial: State
  step(state: State, operation: ModelInput): { readonly state: State; readonly value: unknown }
}

/** A place for one value: `read()`, `write(value)`, `swap({ from, to })` which says whether it has swapped. */
export const registerModel: SequentialModel<unknown> = {
  initial: null,
  step(state, { method, input }) {
    if (method === 'write') return { state: input, value: undefined }
    if (method !== 'swap') return { state, value: state }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the input of `swap`
    const { from, to } = input as { readonly from: unknown; readonly to: unknown }
    return state === from ? { state: to, value: true } : { state, value: false }
  },
}

/** A number: `increment(by)` answers with the new value, everything else with the value. */
export const counterModel: SequentialModel<number> = {
  initial: 0,
  step(state, { method, input }) {
    const next = method === 'increment' ? state + Number(input) : state
    return { state: next, value: next }
  },
}

/** First in, first out: `enqueue(value)` answers with the length, `dequeue()` with the value or null. */
export const queueModel: SequentialModel<readonly unknown[]> = {
  initial: [],
  step(state, { method, input }) {
    if (method === 'enqueue') return { state: [...state, input], value: state.length + 1 }
    if (method === 'dequeue') return { state: state.slice(1), value: state[0] ?? null }
    return { state, value: state.length }
  },
}
