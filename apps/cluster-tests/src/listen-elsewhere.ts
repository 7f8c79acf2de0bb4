import { runnerAddress } from '@cruster/core'
import type { Transport } from '@cruster/core/ports'

/** A transport that listens on another port than the one that peers are told of, as behind a port mapping. */
export function listenElsewhere(transport: Transport, port: number): Transport {
  return {
    name: transport.name,
    connect: (address, signal) => transport.connect(address, signal),
    listen: async (address, accept) => {
      const host = address.slice(0, address.lastIndexOf(':'))
      const listener = await transport.listen(runnerAddress(`${host}:${port}`), accept)
      return { address, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  }
}
