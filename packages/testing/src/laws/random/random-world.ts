import type { Random } from '@cruster/core/ports'

/** A source of randomness, as the laws see it. */
export interface RandomWorld extends AsyncDisposable {
  readonly random: Random
}
