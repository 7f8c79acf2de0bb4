import type { AnyEntity, EntityClient, EntityMethods } from '@cruster/core'
import type { Dice } from '@cruster/testing'
import { Account } from '../bank/contract.ts'
import type { CallReport, Transfer, TransferState } from './client-message.ts'
import { measuredCall, type CallResult } from './measured-call.ts'

/** What a transfer needs. */
export interface Means {
  readonly client: <C extends AnyEntity>(contract: C) => EntityClient<EntityMethods<C>>
  readonly dice: Dice
  readonly report: (report: CallReport) => void
  readonly wrong: (text: string) => void
}

/**
 * Tries to bring a transfer to its end, with one attempt of each of its calls. A call that may have happened is repeated
 * under the same key by the next try, by this client or by its successor.
 */
export async function tryTransfer(means: Means, transfer: Transfer): Promise<TransferState> {
  return transfer.style === 'message' ? byMessage(means, transfer) : inSteps(means, transfer)
}

async function byMessage(means: Means, { id, from, to, amount }: Transfer): Promise<TransferState> {
  const result = await keyed(means, 'transfer', (options) =>
    means
      .client(Account)
      .get(from)
      .transfer({ transfer: id, to, amount }, { ...options, idempotencyKey: id }),
  )
  return result.kind === 'ok' ? (result.value ? 'done' : 'refused') : unsettled(means, result)
}

async function inSteps(means: Means, { id, from, to, amount }: Transfer): Promise<TransferState> {
  const entry = { transfer: id, amount }
  const out = await keyed(means, 'withdraw', (options) =>
    means
      .client(Account)
      .get(from)
      .withdraw(entry, { ...options, idempotencyKey: `${id} out` }),
  )
  if (out.kind !== 'ok') return unsettled(means, out)
  if (!out.value) return 'refused'
  const into = await keyed(means, 'deposit', (options) =>
    means
      .client(Account)
      .get(to)
      .deposit(entry, { ...options, idempotencyKey: `${id} in` }),
  )
  if (into.kind === 'ok') return 'done'
  // The money is on its way: the deposit must be made, whatever this attempt came to.
  unsettled(means, into)
  return 'open'
}

function keyed<Value>(
  { dice, report }: Means,
  what: string,
  call: (options: { readonly timeout: number }) => Promise<Value>,
): Promise<CallResult<Value>> {
  return measuredCall({ what, timeoutMs: dice.whole(1500, 8000) }, (timeout) => call({ timeout }), report)
}

function unsettled({ wrong }: Means, result: Exclude<CallResult<unknown>, { kind: 'ok' }>): TransferState {
  if (result.kind === 'wrong') wrong(`A call ended with an error that it cannot have: ${result.text}`)
  return result.kind === 'notStarted' ? 'notStarted' : 'open'
}
