import type { MethodTypes, PlainTypes, SchemaTypes, VoidSchema } from '@cruster/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A query of a contract: what a running execution can be asked, without changing it. */
export interface Query<Types extends MethodTypes = MethodTypes> {
  readonly kind: 'query'
  readonly input: StandardSchemaV1 | undefined
  readonly output: StandardSchemaV1 | undefined
  /** Types only; never present at run time. */
  readonly '~types'?: Types
}

/** Queries by name. */
export type Queries = Readonly<Record<string, Query>>

interface QuerySchemas<Input extends StandardSchemaV1, Output extends StandardSchemaV1> {
  readonly input?: Input
  readonly output?: Output
}

/** Declares a query: by its types, `query<Input, Output>()`, or by schemas, `query({ input, output })`. */
export function query<Input extends StandardSchemaV1 = VoidSchema, Output extends StandardSchemaV1 = VoidSchema>(
  schemas: QuerySchemas<Input, Output>,
): Query<SchemaTypes<Input, Output>>
export function query<Input = void, Output = void>(): Query<PlainTypes<NoInfer<Input>, NoInfer<Output>>>
export function query({ input, output }: QuerySchemas<StandardSchemaV1, StandardSchemaV1> = {}): Query {
  return Object.freeze({ kind: 'query', input, output })
}

/** The types of a query. */
export type QueryTypes<Of> = Of extends Query<infer Types> ? Types : never
