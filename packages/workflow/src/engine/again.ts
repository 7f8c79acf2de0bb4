/** There is something to do again when this has ended. */
export async function again(work: Promise<unknown>): Promise<boolean> {
  await work
  return true
}
