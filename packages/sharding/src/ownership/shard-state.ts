import type { Epoch } from '@cruster/core'

/**
 * Where a runner stands with one shard. A shard that it has nothing to do with is `free`.
 *
 * ```
 *            wanted             acquired            claimed           unwanted            drained
 *   free ───────────▶ acquiring ─────────▶ claiming ────────▶ owned ───────────▶ draining ───────▶ unlocking ──▶ free
 *     ▲ held              │ acquired, unwanted  │ refused        │ fenced              │ fenced       ▲  unlocked
 *     └───────────────────┴────────────▶────────┴───────────────▶┴─────────▶───────────┴──────────────┘
 *   lost, in any state: free
 * ```
 *
 * Invariants: O1 work is done only in `owned` and, for what had begun, in `draining`. O2 nothing is owned before
 * storage has claimed the epoch of the lock. O3 a lock is given back only when nothing runs under it any more.
 */
export type ShardState =
  | { readonly kind: 'free' }
  | { readonly kind: 'acquiring'; readonly wanted: boolean }
  | { readonly kind: 'claiming'; readonly epoch: Epoch; readonly wanted: boolean }
  | { readonly kind: 'owned'; readonly epoch: Epoch }
  | { readonly kind: 'draining'; readonly epoch: Epoch }
  | { readonly kind: 'unlocking' }

export type ShardEvent =
  /** The assignment gives the shard to this runner, or takes it away. */
  | { readonly kind: 'wanted' }
  | { readonly kind: 'unwanted' }
  /** Discovery granted the lock, or somebody else has it. */
  | { readonly kind: 'acquired'; readonly epoch: Epoch }
  | { readonly kind: 'held' }
  /** Storage took the claim, or knows a newer one. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'refused' }
  /** Everything that ran under the ownership has ended. */
  | { readonly kind: 'drained' }
  /** The lock was given back. */
  | { readonly kind: 'unlocked' }
  /** A unit of work was refused: somebody else has claimed the shard. */
  | { readonly kind: 'fenced' }
  /** The lease is over, and all locks with it. */
  | { readonly kind: 'lost' }

/** What the shell has to do after a transition. */
export type ShardEffect = 'acquire' | 'claim' | 'take' | 'drain' | 'abandon' | 'unlock'

export interface Transition {
  readonly state: ShardState
  readonly effects: readonly ShardEffect[]
}

export const free: ShardState = { kind: 'free' }
const unlocking: ShardState = { kind: 'unlocking' }

const to = (state: ShardState, ...effects: readonly ShardEffect[]): Transition => ({ state, effects })

/** The transition table. An event that means nothing in a state leaves it as it is. */
export function reduceShard(state: ShardState, event: ShardEvent): Transition {
  if (event.kind === 'lost') return reduceLost(state)
  switch (state.kind) {
    case 'free':
      return reduceFree(state, event)
    case 'acquiring':
      return reduceAcquiring(state, event)
    case 'claiming':
      return reduceClaiming(state, event)
    case 'owned':
      return reduceOwned(state, event)
    case 'draining':
      return reduceDraining(state, event)
    case 'unlocking':
      return reduceUnlocking(state, event)
  }
}

function reduceLost(state: ShardState): Transition {
  return isOpen(state) ? to(free, 'abandon') : to(free)
}

function reduceFree(state: ShardState, event: ShardEvent): Transition {
  return event.kind === 'wanted' ? to({ kind: 'acquiring', wanted: true }, 'acquire') : to(state)
}

function reduceUnlocking(state: ShardState, event: ShardEvent): Transition {
  return event.kind === 'unlocked' ? to(free) : to(state)
}

/** Whether entities of the shard may be in memory. */
export function isOpen(state: ShardState): boolean {
  return state.kind === 'owned' || state.kind === 'draining'
}

function reduceAcquiring(state: ShardState & { kind: 'acquiring' }, event: ShardEvent): Transition {
  switch (event.kind) {
    case 'wanted':
    case 'unwanted':
      return to({ ...state, wanted: event.kind === 'wanted' })
    case 'held':
      return to(free)
    case 'acquired':
      return state.wanted
        ? to({ kind: 'claiming', epoch: event.epoch, wanted: true }, 'claim')
        : to(unlocking, 'unlock')
    default:
      return to(state)
  }
}

function reduceClaiming(state: ShardState & { kind: 'claiming' }, event: ShardEvent): Transition {
  switch (event.kind) {
    case 'wanted':
    case 'unwanted':
      return to({ ...state, wanted: event.kind === 'wanted' })
    case 'refused':
      return to(unlocking, 'unlock')
    case 'claimed':
      return state.wanted ? to({ kind: 'owned', epoch: state.epoch }, 'take') : to(unlocking, 'unlock')
    default:
      return to(state)
  }
}

function reduceOwned(state: ShardState & { kind: 'owned' }, event: ShardEvent): Transition {
  if (event.kind === 'unwanted') return to({ kind: 'draining', epoch: state.epoch }, 'drain')
  if (event.kind === 'fenced') return to(unlocking, 'abandon', 'unlock')
  return to(state)
}

function reduceDraining(state: ShardState & { kind: 'draining' }, event: ShardEvent): Transition {
  if (event.kind === 'drained') return to(unlocking, 'unlock')
  if (event.kind === 'fenced') return to(unlocking, 'abandon', 'unlock')
  return to(state)
}
