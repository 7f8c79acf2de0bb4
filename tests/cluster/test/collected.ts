/** All values of a stream that ends, or the first of one that may not. */
export async function collected<Value>(values: AsyncIterable<Value>, most = Infinity): Promise<Value[]> {
  const all: Value[] = []
  for await (const value of values) {
    all.push(value)
    if (all.length >= most) break
  }
  return all
}
