/**
 * Resolves when this process shall end: at an interrupt, at a request to terminate, or when the program that started it, and
 * talks to it, is gone. From then on these do nothing: the end is on its way.
 */
export async function untilToldToEnd(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
    process.on('disconnect', () => resolve())
  })
}
