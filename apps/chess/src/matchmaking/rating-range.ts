/** Which ratings an opponent may have, ends included. What is left out has no end. */
export interface RatingRange {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** Anybody. */
export const anyRating: RatingRange = {}

export function contains({ min = -Infinity, max = Infinity }: RatingRange, rating: number): boolean {
  return rating >= min && rating <= max
}
