import type { DurableContext, DurableOperations } from '@cruster/core'
import { ConfigError } from '@cruster/core'
import type { Activities, RawActivityHandlers } from './activity-handlers.ts'

/** What a context has besides the activities of its workflow: no activity can be named so. */
const operations: Readonly<Record<keyof DurableOperations | keyof DurableContext, true>> = {
  all: true,
  any: true,
  checkpoint: true,
  checkpointCompute: true,
  checkpointExists: true,
  client: true,
  continueAsNew: true,
  deferred: true,
  executionId: true,
  log: true,
  now: true,
  onFailure: true,
  onInterrupt: true,
  parent: true,
  patched: true,
  race: true,
  random: true,
  run: true,
  setQuery: true,
  signal: true,
  sleep: true,
  sleepUntil: true,
  uncancellable: true,
  uuid: true,
  version: true,
  workflow: true,
  workflowName: true,
}

const inherited = new Set(['then', 'catch', 'finally', 'constructor', 'toJSON', 'toString', 'valueOf', '__proto__'])

/** @throws ConfigError unless the text can name a workflow or a group: it becomes part of addresses. */
export function checkContractName(what: string, name: string): void {
  if (/^[A-Za-z][\w.-]*$/u.test(name)) return
  const article = what.startsWith('a') ? 'an' : 'a'
  throw new ConfigError(
    `"${name}" cannot name ${article} ${what}. Use a letter, then letters, digits, "_", "-" or ".".`,
  )
}

/** @throws ConfigError unless each is an activity whose name can stand on a context. */
export function checkActivities(what: string, owner: string, activities: Activities): void {
  checkContractName(what, owner)
  for (const [name, { kind }] of Object.entries<{ readonly kind: string }>(activities)) {
    if (kind !== 'activity') {
      throw new ConfigError(`${name} of ${owner} is declared as ${kind}. Declare it with activity<Input, Output>().`)
    }
    checkMemberName(owner, name)
  }
}

function checkMemberName(owner: string, name: string): void {
  if (!/^[A-Za-z_]\w*$/u.test(name) || inherited.has(name)) {
    throw new ConfigError(`"${name}" cannot name an activity of ${owner}. Use letters, digits and "_".`)
  }
  if (Object.hasOwn(operations, name)) {
    throw new ConfigError(
      `"${name}" cannot name an activity of ${owner}: the context has an operation of this name. Rename the activity.`,
    )
  }
}

/** @throws ConfigError unless there is one function for each activity, and no other. */
export function checkHandlers(owner: string, activities: Activities, handlers: RawActivityHandlers): void {
  const missing = Object.keys(activities).filter((name) => typeof handlers[name] !== 'function')
  const extra = Object.keys(handlers).filter((name) => !Object.hasOwn(activities, name))
  if (missing.length > 0) throw new ConfigError(`${owner} has no handler for: ${missing.join(', ')}.`)
  if (extra.length > 0)
    throw new ConfigError(`${owner} has handlers for activities that it does not declare: ${extra.join(', ')}.`)
}
