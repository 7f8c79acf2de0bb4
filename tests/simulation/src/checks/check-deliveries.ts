import type { AuditedMessage, Simulation, Violation } from '@cruster/testing'
import { entityOf } from '@cruster/testing'
import type { EffectLog, Started } from '../effect-log.ts'

/** Deliveries of a message that always fails: few, because all others of its entity wait meanwhile. */
export const maxAttempts = 6

/** Former owners that had begun it. */
const epochsOf = (starts: readonly Started[], now: number): number =>
  new Set(starts.map(({ epoch }) => epoch).filter((epoch) => epoch !== now)).size

/** How handlers of stored messages were called: not early, counted, by the owner, and not for ever. */
export function checkDeliveries(log: EffectLog, simulation: Simulation): readonly Violation[] {
  const byRequest = Map.groupBy(log.starts, ({ request }) => request)
  return [
    ...log.starts.filter(({ byOwner }) => !byOwner).map((start) => notByOwner(start)),
    ...simulation.messages.flatMap((message) => {
      const starts = (byRequest.get(message.id) ?? []).filter(({ byOwner }) => byOwner)
      const about = entityOf(message.address)
      return checkMessage(message, starts).map(([check, text]) => ({
        check,
        message: `${message.method} of ${about}, message ${message.id}: ${text}`,
        about,
      }))
    }),
  ]
}

function notByOwner({ address, request, epoch, at }: Started): Violation {
  const message = `a handler of ${entityOf(address)} began request ${request} with epoch ${epoch} of ${address.shard} at ${new Date(at).toISOString().slice(17, 23)} after another runner had taken over`
  return { check: 'only the owner executes', message, about: entityOf(address) }
}

function checkMessage(message: AuditedMessage, starts: readonly Started[]): readonly (readonly [string, string])[] {
  const early = starts.find(({ at }) => at < (message.deliverAt ?? 0))
  // Only what an outage of storage ended is repeated uncounted, and only by the same owner.
  const uncounted = starts.find(({ counted, epoch }, at) => counted < epochsOf(starts.slice(0, at), epoch))
  const isPoison = message.method === 'poison'
  return [
    ...(early === undefined
      ? []
      : [['not early', `it began ${(message.deliverAt ?? 0) - early.at} ms too early`] as const]),
    ...(uncounted === undefined
      ? []
      : [['deliveries are counted', 'a delivery was not counted before it began'] as const]),
    ...(starts.length > 2 * maxAttempts
      ? [['deliveries end', `it was delivered ${starts.length} times`] as const]
      : []),
    ...(message.end === 'dead' && !isPoison ? [['nothing is given up', 'it was given up'] as const] : []),
    ...(isPoison && message.end !== 'dead'
      ? [['poison is given up', `it is ${message.end ?? 'pending'}`] as const]
      : []),
  ]
}
