/** Resolves at the first of these signals. From then on they do nothing: the end is on its way. */
export async function untilSignal(...signals: readonly NodeJS.Signals[]): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve())
  })
}
