/** What the parent of this program told it at its start. */
export function argument(): unknown {
  return JSON.parse(process.argv[2] ?? 'null')
}

/** Resolves when the parent has it. Without a parent there is nobody to go on for. */
export async function tell(message: object): Promise<void> {
  await new Promise<void>((resolve) => {
    if (!process.connected) process.exit(0)
    process.send?.(message, undefined, undefined, () => resolve())
  })
}

/** A program ends when its parent is gone, even by SIGKILL. */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit(0))
}
