/** Resolves at the first of these signals. The second one ends the process at once, for the impatient. */
export async function untilSignal(...signals: readonly NodeJS.Signals[]): Promise<void> {
  await new Promise<void>((resolve) => {
    let isFirst = true
    const onSignal = (): void => {
      if (!isFirst) process.exit(1)
      isFirst = false
      resolve()
    }
    for (const signal of signals) process.on(signal, onSignal)
  })
}
