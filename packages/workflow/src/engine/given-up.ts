import { Interrupted } from '@cruster/core'

/** Why attempts of an execution are given up. */
export function givenUp({ name }: { readonly name: string }, cause: string): Interrupted {
  return new Interrupted(`An activity of ${name}`, { outcome: 'unknown', cause })
}
