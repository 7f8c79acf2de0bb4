import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A signal of a contract: what a running execution can be told. */
export interface Signal<Input = unknown, Parsed = unknown> {
  readonly kind: 'signal'
  readonly schema: StandardSchemaV1 | undefined
  /** Types only; never present at run time. */
  readonly '~types'?: { readonly input: Input; readonly parsed: Parsed }
}

/** Signals by name. */
export type Signals = Readonly<Record<string, Signal>>

/** Declares a signal: by the type of what it carries, `signal<boolean>()`, or by a schema, `signal(schema)`. */
export function signal<Schema extends StandardSchemaV1>(
  schema: Schema,
): Signal<StandardSchemaV1.InferInput<Schema>, StandardSchemaV1.InferOutput<Schema>>
export function signal<Payload = void>(): Signal<NoInfer<Payload>, NoInfer<Payload>>
export function signal(schema?: StandardSchemaV1): Signal {
  return Object.freeze({ kind: 'signal', schema })
}

/** What somebody who sends a signal passes. */
export type SignalInput<Of> = Of extends Signal<infer Input> ? Input : never

/** What a workflow that receives a signal gets. */
export type SignalValue<Of> = Of extends Signal<infer _Input, infer Parsed> ? Parsed : never
