import type { Law } from '../law.ts'
import type { DiscoveryWorld } from './discovery/discovery-world.ts'
import { lockLaws } from './discovery/lock-laws.ts'
import { membershipLaws } from './discovery/membership-laws.ts'
import { settingsLaws } from './discovery/settings-laws.ts'
import { watchLaws } from './discovery/watch-laws.ts'

/** What every `Discovery` promises: DS1 to DS9 of the port, a letter behind the number for further sides of a law. */
export const discoveryLaws: readonly Law<DiscoveryWorld>[] = [
  ...watchLaws,
  ...lockLaws,
  ...membershipLaws,
  ...settingsLaws,
]
