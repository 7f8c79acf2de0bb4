/** `count` seeds from `first` on. An iterator that can be ended by whoever has seen enough. */
export function* seedRange(first: number, count: number): Generator<number, void, undefined> {
  for (let seed = first; seed < first + count; seed += 1) yield seed
}
