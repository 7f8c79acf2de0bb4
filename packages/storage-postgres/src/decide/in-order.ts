/** Any order will do, as long as all processes have the same. */
export function inOrder(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
