/** How many items fit into one transaction. etcd allows 128 operations, with the transaction around them. */
const chunkSize = 120

/** How many transactions are under way at once: with more, etcd only lets them wait. */
const atOnce = 4

/**
 * Works on all items, chunk by chunk. Resolves with the results in the order of the items; rejects with the first failure,
 * once all that had begun has ended.
 */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  work: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const chunks = Array.from({ length: Math.ceil(items.length / chunkSize) }, (_, index) =>
    items.slice(index * chunkSize, (index + 1) * chunkSize),
  )
  const results: (readonly Result[])[] = []
  const rest = chunks.entries()
  const lane = async (): Promise<void> => {
    for (const [index, chunk] of rest) results[index] = await work(chunk)
  }
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, lane))
  const failure = ends.find((end) => end.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  return results.flat()
}
