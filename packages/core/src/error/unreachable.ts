import { Defect } from './defect.ts'

/** Marks a place that no well-typed program reaches: the end of a `switch` over all kinds. */
export function unreachable(value: never): never {
  throw new Defect(`A case was forgotten: ${JSON.stringify(value)} was not expected here.`)
}
