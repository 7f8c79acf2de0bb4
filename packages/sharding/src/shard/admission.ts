import type { AnyMethod, CrusterError } from '@cruster/core'
import { CallCycle, EntityNotFound, MethodNotFound } from '@cruster/core'
import type { Visibility } from '@cruster/core'
import { isRecorded } from '../client/prepared-request.ts'
import type { Request } from '../connection/endpoint.ts'
import { laneKey } from '../entity/lane-key.ts'
import type { Lane } from '../entity/mailbox.ts'
import type { AnyRegistered, RegisteredMethod } from '../entity/registered-entity.ts'

/** A request that may run, with what runs it. */
export interface Admitted {
  readonly entity: AnyRegistered
  readonly method: RegisteredMethod
}

const visibleTo: Record<Request['origin'], readonly Visibility[]> = {
  client: ['public'],
  entity: ['public', 'protected'],
  self: ['public', 'protected', 'private'],
}

/** Whether this runner can and may run a request; else the error that answers it. Pure. */
export function admit(request: Request, entity: AnyRegistered | undefined): Admitted | CrusterError {
  if (entity === undefined) return new EntityNotFound(request.address.type)
  const method = entity.methods.get(request.method)
  if (method === undefined || !isVisible(method, request)) return new MethodNotFound(entity.name, request.method)
  const lane = waitingLane(entity, method)
  const waits = lane === undefined ? undefined : laneKey(request.address, lane)
  if (waits !== undefined && !request.oneWay && request.chain.includes(waits))
    return new CallCycle([...request.chain, waits])
  return { entity, method }
}

/** Whether a method may be called by whoever sent a request. */
export function isVisible({ method }: RegisteredMethod, { origin }: Pick<Request, 'origin'>): boolean {
  return visibleTo[origin].includes(method.visibility)
}

/** The lane in which a call waits for calls that wait for it; undefined where calls run beside each other. */
function waitingLane(entity: AnyRegistered, { method }: RegisteredMethod): Lane | undefined {
  if (method.kind === 'activity') return 'activity'
  return method.kind === 'rpc' && entity.concurrency === 1 ? 'rpc' : undefined
}

/** Nobody waits for its outcome, or it is not due yet: only storage can keep it until it has run. */
export function mustBeStored(method: AnyMethod, { oneWay, deliverAt }: Request): boolean {
  return deliverAt !== undefined || (oneWay && isRecorded(method))
}
