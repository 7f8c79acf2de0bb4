import { CodecError } from './codec-error.ts'

/** What arrived with an error from elsewhere: its message, and fields that have to be checked before they are used. */
export class ErrorDetails {
  readonly message: string
  readonly #fields: Readonly<Record<string, unknown>>

  constructor(message: string, fields: Readonly<Record<string, unknown>>) {
    this.message = message
    this.#fields = fields
  }

  /** The field as it came; undefined when it is absent. */
  value(field: string): unknown {
    return Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined
  }

  text(field: string): string {
    return this.#checked(field, 'a string', isString)
  }

  number(field: string): number {
    return this.#checked(field, 'a number', isNumber)
  }

  texts(field: string): readonly string[] {
    return this.list(field, isString)
  }

  list<Item>(field: string, isItem: (value: unknown) => value is Item): readonly Item[] {
    return this.#checked(field, 'a list', (value): value is Item[] => Array.isArray(value) && value.every(isItem))
  }

  #checked<Value>(field: string, what: string, isValue: (value: unknown) => value is Value): Value {
    const value = this.value(field)
    if (isValue(value)) return value
    throw new CodecError(`The field "${field}" of an error that arrived is not ${what}.`)
  }
}

const isString = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'
