import type { MethodBuilder, RecordedOptions } from '@cruster/core'
import { workflow as declared } from '@cruster/core'
import { methodEngine } from './engine/method-engine.ts'

/**
 * A method of an entity that orchestrates durably: it may sleep, wait and call activities for months, over crashes and
 * deployments, and does not hold the entity's mailbox meanwhile. It reads the entity's state, and changes it through the entity's
 * activities on `self`. A call of it waits for the result without a time limit, unless one is given.
 */
export const workflow: MethodBuilder<'workflow', RecordedOptions, 'public'> = withEngine(declared)

function withEngine(builder: typeof declared): typeof declared {
  const build = (options: Parameters<typeof declared>[0]): object =>
    Object.freeze({ ...builder(options), engine: methodEngine })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same method, with what executes it
  return build as unknown as typeof declared
}
