import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A schema that has a type and checks nothing: `input: typed<Order>()`. */
export function typed<Value>(): StandardSchemaV1<Value, Value> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing is checked: the caller says what it is
  const validate = (value: unknown): { readonly value: Value } => ({ value: value as Value })
  return Object.freeze({ '~standard': Object.freeze({ version: 1, vendor: 'cruster', validate }) })
}
