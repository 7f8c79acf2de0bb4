import type { Dice } from '@cruster/testing'
import type { Fault, FaultKind } from './fault.ts'
import { lineKinds } from './fault.ts'

/** How often each happens relative to the others: what stops everybody is rarer than what hits one. */
const weights: Readonly<Record<FaultKind, number>> = {
  kill: 4,
  freeze: 5,
  restart: 2,
  'rolling restart': 1,
  cut: 4,
  silence: 5,
  'half-open': 4,
  slow: 4,
  'kill client': 2,
  'etcd restart': 1,
  'etcd pause': 1,
  'postgres restart': 2,
}

/** From and to, in milliseconds. A lease lasts three seconds: what stands still may lose it, or may not. */
const lengths: Readonly<Record<FaultKind, readonly [number, number]>> = {
  kill: [100, 3000],
  freeze: [300, 8000],
  restart: [0, 0],
  'rolling restart': [0, 0],
  cut: [0, 0],
  silence: [500, 8000],
  'half-open': [500, 6000],
  slow: [1000, 6000],
  'kill client': [0, 0],
  'etcd restart': [100, 4000],
  'etcd pause': [500, 5000],
  'postgres restart': [50, 2500],
}

/** What happens next. */
export function drawFault(
  dice: Dice,
  among: { readonly kinds: readonly FaultKind[]; readonly runners: number; readonly clients: number },
): Fault {
  const kind = drawKind(dice, among.kinds)
  const [least, most] = lengths[kind]
  return {
    kind,
    target: dice.whole(0, (kind === 'kill client' ? among.clients : among.runners) - 1),
    line: dice.pick(lineKinds),
    direction: dice.chance(0.5) ? 'in' : 'out',
    how: dice.chance(0.5) ? 'fast' : 'immediate',
    forMs: dice.between(least, most),
    delayMs: dice.between(5, 400),
  }
}

function drawKind(dice: Dice, kinds: readonly FaultKind[]): FaultKind {
  const total = kinds.reduce((sum, kind) => sum + weights[kind], 0)
  let left = dice.between(0, total)
  for (const kind of kinds) {
    left -= weights[kind]
    if (left <= 0) return kind
  }
  return kinds[0] ?? 'kill'
}
