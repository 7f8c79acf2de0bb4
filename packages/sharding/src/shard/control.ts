import type { EntityAddress, RequestId } from '@cruster/core'
import { CodecError, decode, requestId } from '@cruster/core'
import type { Request } from '../connection/endpoint.ts'

/** Requests to the runtime itself, addressed to an entity so that they reach its owner. No method can be named so. */
export const control = {
  /** Cancels a stored message; its payload is the message's id. Answers whether it will never run. */
  cancel: '$cancel',
  /** Stops what the entity is doing and makes it anew. */
  interrupt: '$interrupt',
} as const

export function isControl(request: Pick<Request, 'method'>): boolean {
  return request.method.startsWith('$')
}

/** What the runtime does for control requests. */
export interface ControlTarget {
  cancel(message: RequestId): Promise<boolean>
  interrupt(address: EntityAddress): boolean
}

/** Performs a control request. Resolves to its answer. */
export async function performControl(target: ControlTarget, request: Request): Promise<unknown> {
  if (request.method === control.cancel) return target.cancel(requestId(String(inputOf(request))))
  if (request.method === control.interrupt) return target.interrupt(request.address)
  return undefined
}

function inputOf(request: Request): unknown {
  try {
    return decode(request.payload)
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}
