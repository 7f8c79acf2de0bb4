import { ColumnArray, numbers, plainTexts, type SqlArray } from '../session/sql-array.ts'

/** Array parameters out of values. */
export function textArray(values: readonly string[]): SqlArray {
  return new ColumnArray(plainTexts, values, itself)
}

export function numberArray(type: keyof typeof numbers, values: readonly number[]): SqlArray {
  return new ColumnArray(numbers[type], values, itself)
}

function itself<Value>(value: Value): Value {
  return value
}
