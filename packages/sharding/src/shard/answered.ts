import type { CrusterError } from '@cruster/core'
import { encode, encodeExit } from '@cruster/core'
import type { OpenCall, ReplySink, Request } from '../connection/endpoint.ts'
import { failureExit } from '../entity/recorded-outcome.ts'
import { closedCall } from './job-call.ts'

/** What the sender of a one-way message is told. */
export const accepted = encodeExit({ kind: 'success', value: encode(undefined) })

/** To be asked again: of the next owner, or in the next life of the entity. */
export function turnedAway(request: Request, sink: ReplySink): OpenCall {
  sink.notMine(request.address, undefined)
  return closedCall
}

export function answered(sink: ReplySink, exit: Uint8Array): OpenCall {
  sink.reply(exit)
  return closedCall
}

export function refused(sink: ReplySink, error: CrusterError): OpenCall {
  return answered(sink, failureExit(error))
}
