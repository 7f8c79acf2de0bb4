import { encode, encodeCanonical, requestDigest, validate } from '@cruster/core'
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
 * Checks an input, and finds the execution that it belongs to.
 *
 * @param id - chosen by the caller; else the contract decides
 * @throws ValidationError, CodecError, ConfigError: nothing was stored then.
 */
export async function startRequest(contract: AnyWorkflow, input: unknown, id?: string): Promise<StartRequest> {
  const parsed = await validate(contract.input, input, `the input of ${contract.name}`)
  return {
    id: id ?? executionIdOf(contract, parsed),
    input: encode(parsed, `the input of ${contract.name}`),
    digest: requestDigest(contract.name, encodeCanonical(parsed)),
  }
}
