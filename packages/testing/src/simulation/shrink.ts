/**
 * A smaller list that still fails: leaves out halves, quarters, … single items, as long as `fails` says so of the rest. Asks at most
 * `attempts` times.
 */
export async function shrink<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  attempts = 200,
): Promise<readonly Item[]> {
  let smallest = items
  let left = attempts
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && left > 0;) {
      const rest = [...smallest.slice(0, at), ...smallest.slice(at + size)]
      left -= 1
      if (await fails(rest)) smallest = rest
      else at += size
    }
  }
  return smallest
}
