import { ConfigError, contentId, encodeCanonical } from '@cruster/core'
import type { AnyWorkflow } from './workflow-contract.ts'

const longestId = 512

/**
 * The execution id that a key stands for: a text is the id itself, other data is hashed.
 *
 * @throws ConfigError when the key is empty, too long or no data.
 */
export function keyedExecutionId(workflow: string, key: unknown): string {
  if (typeof key === 'string') return checkExecutionId(workflow, key)
  if (key === undefined || key === null) {
    throw new ConfigError(`The key of ${workflow} is ${String(key)}. Return a text that names the intended execution.`)
  }
  return contentId(encodeCanonical(key, `the key of ${workflow}`))
}

/** @throws ConfigError unless the text can be an execution id. */
export function checkExecutionId(workflow: string, id: string): string {
  if (typeof id === 'string' && id.length > 0 && id.length <= longestId) return id
  const problem = typeof id === 'string' ? `has ${id.length} characters` : `is ${typeof id}`
  throw new ConfigError(`An execution id of ${workflow} must be a text of 1 to ${longestId} characters; it ${problem}.`)
}

/** The execution that an input belongs to: by the contract's `key`, else the SHA-256 of the encoded input. */
export function executionIdOf(contract: AnyWorkflow, input: unknown): string {
  const { key, name } = contract
  if (key === undefined) return contentId(encodeCanonical(input, `the input of ${name}`))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the input was checked by the contract's schema
  return keyedExecutionId(name, key(input as never))
}
