/** What is needed of a message port; the types of Node and of the browser differ. */
interface Port {
  addEventListener(type: 'message', listener: () => void): void
  start(): void
  close(): void
  postMessage(message: unknown): void
}

/** What there is of the host, of which only Node has the first. */
interface Host {
  readonly setImmediate?: (callback: () => void) => unknown
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port }
}

/**
 * Calls back when the work that is ready now is done: after all microtasks and, where the host allows, the input that has
 * arrived. Calls come in order.
 */
export const macrotask: (callback: () => void) => void = chooseMacrotask(globalThis)

/** Exported for tests. */
export function chooseMacrotask({ setImmediate, MessageChannel: Channel }: Host): (callback: () => void) => void {
  if (setImmediate !== undefined) return setImmediate
  // Browsers have no setImmediate, and delay nested timeouts by 4 ms. A message port is opened for each call, because one that is
  // kept would have to be closed by somebody.
  return (callback) => {
    const { port1, port2 } = new Channel()
    port1.addEventListener('message', () => {
      port1.close()
      callback()
    })
    port1.start()
    port2.postMessage(undefined)
  }
}
