import type { StandardSchemaV1 } from '@standard-schema/spec'

const brand = Symbol.for('@cruster/core/DeclaredError')

/** An error that a contract names: part of the method's answer, not a defect. Crosses the wire with its data. */
export class DeclaredError<Name extends string = string, Data = unknown> extends Error {
  override readonly name: Name
  readonly data: Data

  constructor(name: Name, data: Data, message?: string) {
    super(message ?? name)
    this.name = name
    this.data = data
  }

  static {
    Object.defineProperty(DeclaredError.prototype, brand, { value: true })
  }
}

/** Whether something thrown is an error of a contract, of whatever copy of this package. */
export function isDeclaredError(value: unknown): value is DeclaredError {
  return typeof value === 'object' && value !== null && brand in value
}

/** Types of a declared error's data, without a schema: `error<{ balance: number }>()`. */
export interface ErrorSpec<Data = unknown> {
  readonly kind: 'error'
  readonly '~types'?: Data
}

/** Declares an error by the type of its data alone. */
export function error<Data = undefined>(): ErrorSpec<Data> {
  return Object.freeze({ kind: 'error' })
}

/** Declared errors by name: each by the type of its data, `error<Data>()`, or by a schema. */
export type ErrorSpecs = Readonly<Record<string, ErrorSpec | StandardSchemaV1>>

type DataOf<Spec> =
  Spec extends ErrorSpec<infer Data> ? Data : Spec extends StandardSchemaV1<unknown, infer Data> ? Data : never

/** The class of a declared error: what handlers throw with `new` and callers recognise with `instanceof`. */
export interface DeclaredErrorClass<Name extends string, Data> {
  new (data: Data, message?: string): DeclaredError<Name, Data>
  readonly errorName: Name
  readonly schema: StandardSchemaV1 | undefined
}

/** One class for each declared error. */
export type ErrorClasses<Specs extends ErrorSpecs> = {
  readonly [Name in keyof Specs & string]: DeclaredErrorClass<Name, DataOf<Specs[Name]>>
}

function errorClass(errorName: string, spec: ErrorSpec | StandardSchemaV1): DeclaredErrorClass<string, unknown> {
  return class extends DeclaredError {
    static readonly errorName = errorName
    static readonly schema = '~standard' in spec ? spec : undefined

    constructor(data: unknown, message?: string) {
      super(errorName, data, message)
    }
  }
}

/** What a contract without declared errors has in their place. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- it has no names
export type NoErrors = Record<never, never>

/** The classes of a contract's declared errors; without any, `Specs` is {@link NoErrors}. */
export function errorClasses<Specs extends ErrorSpecs>(specs: Specs | undefined): ErrorClasses<Specs> {
  const classes = Object.entries(specs ?? {}).map(([name, spec]) => [name, errorClass(name, spec)])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the entries of Specs
  return Object.freeze(Object.fromEntries(classes)) as ErrorClasses<Specs>
}
