import type { Fault } from '@cruster/testing'
import { Dice } from '@cruster/testing'
import type { Act, Plan } from './job.ts'

/** Something that is done to an execution from outside. */
export interface Move {
  readonly afterMs: number
  readonly kind: 'signal' | 'pause' | 'cancel' | 'execute'
  readonly from: string
}

/** One execution, and what happens to it. */
export interface JobStep {
  readonly atMs: number
  readonly from: string
  readonly plan: Plan
  /** In order: each begins when the one before was acknowledged. */
  readonly moves: readonly Move[]
}

/** What happens in one run with workflows. */
export interface JobScenario {
  readonly seed: number
  readonly runners: number
  readonly lastsMs: number
  readonly jobs: readonly JobStep[]
  readonly faults: 'all' | 'none' | readonly Fault[]
}

export function drawJobScenario(seed: number, faults: JobScenario['faults'] = 'all'): JobScenario {
  const dice = new Dice(seed).named('workflows')
  const runners = dice.whole(2, 4)
  const lastsMs = dice.between(4000, 12_000)
  const count = dice.whole(6, 14)
  const jobs = Array.from({ length: count }, (_, index) => drawJob(dice, { id: `j${index}`, runners, lastsMs }))
  return { seed, runners, lastsMs, faults, jobs }
}

interface Bounds {
  readonly id: string
  readonly runners: number
  readonly lastsMs: number
}

function drawJob(dice: Dice, { id, runners, lastsMs }: Bounds): JobStep {
  const from = (): string => (dice.chance(0.5) ? 'client' : `runner-${dice.whole(1, runners)}`)
  const signals = dice.whole(0, 5)
  const moves: Move[] = Array.from({ length: signals }, () => move(dice, 'signal', from()))
  if (dice.chance(0.2)) moves.splice(dice.whole(0, moves.length), 0, move(dice, 'pause', from()))
  if (dice.chance(0.2)) moves.splice(dice.whole(0, moves.length), 0, move(dice, 'execute', from()))
  if (dice.chance(0.12)) moves.push(move(dice, 'cancel', from()))
  const acts = Array.from({ length: dice.whole(2, 7) }, () => drawAct(dice))
  const plan = { id, acts, signals, fails: dice.chance(0.2) }
  return { atMs: dice.between(0, lastsMs * 0.7), from: from(), plan, moves }
}

const move = (dice: Dice, kind: Move['kind'], from: string): Move => ({ kind, from, afterMs: dice.whole(0, 1500) })

function drawAct(dice: Dice): Act {
  const kind = dice.pick([
    'write',
    'write',
    'inline',
    'beside',
    'sleep',
    'race',
    'child',
    'take',
    'take',
    'anew',
  ] as const)
  switch (kind) {
    case 'write':
      return { kind, fails: dice.chance(0.3) ? dice.whole(1, 2) : 0 }
    case 'beside':
      return { kind, count: dice.whole(2, 4) }
    case 'sleep':
      return { kind, ms: dice.whole(0, 1000) }
    case 'race':
      return { kind, ms: dice.whole(0, 1000), other: dice.whole(0, 1000) }
    default:
      return { kind }
  }
}
