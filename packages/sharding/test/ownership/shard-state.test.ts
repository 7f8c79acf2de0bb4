import { epoch } from '@cruster/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ShardEffect, ShardEvent, ShardState } from '../../src/ownership/shard-state.ts'
import { free, isOpen, reduceShard } from '../../src/ownership/shard-state.ts'

const one = epoch(1)

const states: Readonly<Record<string, ShardState>> = {
  free,
  'acquiring, wanted': { kind: 'acquiring', wanted: true },
  'acquiring, unwanted': { kind: 'acquiring', wanted: false },
  'claiming, wanted': { kind: 'claiming', epoch: one, wanted: true },
  'claiming, unwanted': { kind: 'claiming', epoch: one, wanted: false },
  owned: { kind: 'owned', epoch: one },
  draining: { kind: 'draining', epoch: one },
  unlocking: { kind: 'unlocking' },
}

const events: Readonly<Record<ShardEvent['kind'], ShardEvent>> = {
  wanted: { kind: 'wanted' },
  unwanted: { kind: 'unwanted' },
  acquired: { kind: 'acquired', epoch: one },
  held: { kind: 'held' },
  claimed: { kind: 'claimed' },
  refused: { kind: 'refused' },
  drained: { kind: 'drained' },
  unlocked: { kind: 'unlocked' },
  fenced: { kind: 'fenced' },
  lost: { kind: 'lost' },
}

/** Everything that is not here leaves a state as it is. */
const table: Readonly<Record<string, Partial<Record<ShardEvent['kind'], string>>>> = {
  free: { wanted: 'acquiring, wanted; acquire' },
  'acquiring, wanted': {
    unwanted: 'acquiring, unwanted',
    acquired: 'claiming, wanted; claim',
    held: 'free',
    lost: 'free',
  },
  'acquiring, unwanted': { wanted: 'acquiring, wanted', acquired: 'unlocking; unlock', held: 'free', lost: 'free' },
  'claiming, wanted': {
    unwanted: 'claiming, unwanted',
    claimed: 'owned; take',
    refused: 'unlocking; unlock',
    lost: 'free',
  },
  'claiming, unwanted': {
    wanted: 'claiming, wanted',
    claimed: 'unlocking; unlock',
    refused: 'unlocking; unlock',
    lost: 'free',
  },
  owned: { unwanted: 'draining; drain', fenced: 'unlocking; abandon, unlock', lost: 'free; abandon' },
  draining: { drained: 'unlocking; unlock', fenced: 'unlocking; abandon, unlock', lost: 'free; abandon' },
  unlocking: { unlocked: 'free', lost: 'free' },
}

function nameOf(state: ShardState): string {
  const found = Object.entries(states).find(([, candidate]) => JSON.stringify(candidate) === JSON.stringify(state))
  return found?.[0] ?? JSON.stringify(state)
}

const cells = Object.keys(states).flatMap((from) => Object.values(events).map((event) => [from, event.kind] as const))

it.each(cells)('goes on from %s after %s as the table says', (from, kind) => {
  const { state, effects } = reduceShard(states[from]!, events[kind])

  const told = effects.length === 0 ? nameOf(state) : `${nameOf(state)}; ${effects.join(', ')}`

  expect(told).toBe(table[from]?.[kind] ?? from)
})

const anyHistory = fc.array(fc.constantFrom(...Object.values(events)), { maxLength: 60 })

/** What the shell saw over a history of events. */
function play(history: readonly ShardEvent[]): { readonly states: ShardState[]; readonly effects: ShardEffect[] } {
  const seen: { states: ShardState[]; effects: ShardEffect[] } = { states: [free], effects: [] }
  for (const event of history) {
    const next = reduceShard(seen.states.at(-1)!, event)
    seen.states.push(next.state)
    seen.effects.push(...next.effects)
  }
  return seen
}

it('O1 takes a shard before it drains or abandons it, and each only once per taking', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      let isTaken = false
      for (const effect of play(history).effects) {
        if (effect === 'take') {
          expect(isTaken).toBe(false)
          isTaken = true
        }
        if (effect === 'drain') expect(isTaken).toBe(true)
        if (effect === 'abandon') {
          expect(isTaken).toBe(true)
          isTaken = false
        }
        if (effect === 'unlock') isTaken = false
      }
    }),
  )
})

it('O2 owns nothing without a claim of the epoch of its lock', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { states: seen } = play(history)
      for (const [index, state] of seen.entries()) {
        const before = seen[index - 1]
        if (state.kind === 'owned' && before?.kind !== 'owned') expect(before?.kind).toBe('claiming')
      }
    }),
  )
})

it('O3 gives a lock back only when nothing is open under it', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const { states: seen } = play(history)
      for (const [index, state] of seen.entries()) {
        const before = seen[index - 1]
        if (state.kind !== 'unlocking' || before === undefined || !isOpen(before)) continue
        const event = history[index - 1]
        expect(['drained', 'fenced']).toContain(event?.kind)
      }
    }),
  )
})
