import { Interrupted } from '@cruster/core'
import type { ClientPort } from './client-port.ts'

/** Refuses calls of something that goes on after its end: nobody would see or undo their effects. */
export function guardedPort(port: ClientPort, what: string, isOver: () => boolean): ClientPort {
  const open = (): ClientPort => {
    if (isOver()) throw new Interrupted(`${what} that has ended`, { outcome: 'not-started' })
    return port
  }
  return {
    call: async (target, input, options) => open().call(target, input, options),
    stream: (target, input, options) => open().stream(target, input, options),
    send: async (target, input, options) => open().send(target, input, options),
    cancel: async (entity, message) => open().cancel(entity, message),
  }
}
