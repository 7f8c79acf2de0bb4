import { describe } from 'vitest'
import type { World } from '../world.ts'
import { activities } from './activities.ts'
import { changes } from './changes.ts'
import { checkpoints } from './checkpoints.ts'
import { children } from './children.ts'
import { combining } from './combining.ts'
import { crashes } from './crashes.ts'
import { entityMethods } from './entity-methods.ts'
import { failures } from './failures.ts'
import { keeping } from './keeping.ts'
import { starting } from './starting.ts'
import { waits } from './waits.ts'

/** What every storage must bring about. */
export function workflowSuite(world: World): void {
  describe(`workflows on ${world.name}`, { timeout: world.isVirtual ? 20_000 : 60_000 }, () => {
    for (const part of [
      starting,
      activities,
      waits,
      combining,
      children,
      failures,
      entityMethods,
      changes,
      checkpoints,
      crashes,
      keeping,
    ]) {
      part(world)
    }
  })
}
