import { canonicalOf, encode, requestDigest, validate } from '@cruster/core'
import { executionIdOf } from '../contract/execution-id.ts'
import type { AnyWorkflow } from '../contract/workflow-contract.ts'

/** What it takes to start an execution, made of an input. */
export interface StartRequest {
  readonly id: string
  /** The encoded input, as the schema left it. */
  readonly input: Uint8Array
  /** Tells two inputs apart; the order of keys does not count. */
  readonly digest: Uint8Array
}

/**
 * Checks an input, and finds the execution that it belongs to. A promise where the schema is one that has to be waited for.
 *
 * @param id - chosen by the caller; else the contract decides
 * @throws ValidationError, CodecError, ConfigError: nothing was stored then.
 */
export function startRequest(contract: AnyWorkflow, input: unknown, id?: string): StartRequest | Promise<StartRequest> {
  const parsed = validate(contract.input, input, `the input of ${contract.name}`)
  return parsed instanceof Promise
    ? parsed.then((checked: unknown) => requestOf(contract, checked, id))
    : requestOf(contract, parsed, id)
}

function requestOf(contract: AnyWorkflow, input: unknown, given: string | undefined): StartRequest {
  const id = given ?? executionIdOf(contract, input)
  const encoded = encode(input, `the input of ${contract.name}`)
  return { id, input: encoded, digest: requestDigest(contract.name, canonicalOf(input, encoded)) }
}
