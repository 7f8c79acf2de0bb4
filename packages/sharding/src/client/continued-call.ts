import type { AnyEntity, CallOptions, Continuation } from '@cruster/core'
import { DeadlineExceeded, isContinuation, parseDuration, rpc } from '@cruster/core'
import { hiddenEntity } from '../extension/hidden-entity.ts'
import type { ClientPort, Target } from './client-port.ts'

/** One question lasts no longer, so that lines and owners may change between two. */
const longestWaitMs = 20_000
/** What a question may last beyond its wait: the way to the owner, and a hand-over meanwhile. */
const graceMs = 10_000

type Args = readonly [input: unknown, options: CallOptions]

/**
 * Makes a call. One that is answered with a continuation goes on there until there is a result: without a time limit, unless
 * the caller or the method sets one, because what is asked for may take months.
 */
export function callToEnd(port: ClientPort, target: Target, [input, options]: Args): Promise<unknown> {
  if (target.method.kind !== 'workflow') return port.call(target, input, options)
  return followed(port, target, [input, options])
}

async function followed(port: ClientPort, target: Target, [input, options]: Args): Promise<unknown> {
  const { timeout, signal } = options
  const limitMs = timeout === undefined ? (target.method.timeoutMs ?? Infinity) : parseDuration(timeout, 'timeout')
  let waitedMs = 0
  let answer = await port.call(target, input, options)
  while (isContinuation(answer)) {
    waitedMs += answer['~continuation'].waitedMs
    const leftMs = limitMs - waitedMs
    if (leftMs <= 0) throw tooLate(target, limitMs)
    const waitMs = Math.min(longestWaitMs, leftMs)
    const call = { timeout: waitMs + graceMs, ...(signal !== undefined && { signal }) }
    answer = await port.call(next(target, answer), { waitMs }, call)
  }
  return answer
}

function tooLate({ contract, id, name }: Target, limitMs: number): DeadlineExceeded {
  return new DeadlineExceeded(`${contract.name}/${id} ${name}`, limitMs, { outcome: 'unknown' })
}

const ask = rpc<unknown, unknown>()
const contracts = new WeakMap<AnyEntity, Map<string, AnyEntity>>()

/** Where a continuation leads: an entity that is placed with the one that was called. */
function next({ contract, id }: Target, { '~continuation': to }: Continuation): Target {
  const known = contracts.get(contract) ?? new Map<string, AnyEntity>()
  contracts.set(contract, known)
  const hidden = known.get(to.type) ?? hiddenEntity(to.type, { methods: {}, errors: contract.errors })
  known.set(to.type, hidden)
  const settings = { ...hidden.settings, placedWith: () => ({ contract, id }) }
  return { contract: { ...hidden, settings }, id: to.id, name: to.method, method: ask }
}
