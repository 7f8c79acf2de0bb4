import type { RunnerAddress } from '@cruster/core'
import type { Clock } from '@cruster/core/ports'
import type { Endpoint } from './endpoint.ts'
import { lineNotOpened } from './line-error.ts'
import { RefusedCall } from './refused-call.ts'

/** A runner that this process has no way to reach. */
export function unreachable(clock: Clock, address: RunnerAddress): Endpoint {
  const reason = lineNotOpened(address, 'this process was started without a transport')
  return { open: (_request, sink) => new RefusedCall(clock, sink, reason) }
}
