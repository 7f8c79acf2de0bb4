import type { Dice } from './dice.ts'
import type { Fault, FaultKind, FaultRates, ProcessFault } from './fault.ts'

/** Every kind of fault, in a run of 20 s: rare enough that work gets done, often enough that faults meet each other. */
export const allFaults: Required<FaultRates> = {
  crash: 1,
  vanish: 0.3,
  restart: 0.6,
  stop: 0.2,
  join: 0.4,
  pause: 1.5,
  partition: 0.7,
  oneWay: 0.5,
  registryOutage: 0.7,
  storageOutage: 0.7,
  unanswered: 0.7,
  breakLines: 1.5,
  clockJump: 0.5,
}

/** What a plan of faults is drawn for. */
export interface FaultScope {
  readonly runners: readonly [string, ...string[]]
  /** Faults begin within this time from the start of the scenario. */
  readonly withinMs: number
  readonly leaseTtlMs: number
  readonly rates: FaultRates
}

/** Draws a plan. Of the faults that hold a process, no two hold the same one at the same time. */
export function drawFaults(dice: Dice, scope: FaultScope): readonly Fault[] {
  const held: Held[] = []
  const faults = faultKinds.flatMap((kind) =>
    Array.from({ length: dice.times(scope.rates[kind] ?? 0) }, () => drawFault(dice, scope, kind)).filter((fault) =>
      hold(held, fault),
    ),
  )
  return faults.toSorted((one, other) => one.atMs - other.atMs)
}

interface Held {
  readonly place: string
  readonly fromMs: number
  readonly toMs: number
}

/** A process needs some time to come back. */
const comeBackMs = 1500

function hold(held: Held[], fault: Fault): boolean {
  const span = { fromMs: fault.atMs, toMs: fault.atMs + fault.forMs + comeBackMs }
  const wanted = placesOf(fault).map((place) => ({ place, ...span }))
  const isFree = wanted.every(({ place, fromMs, toMs }) =>
    held.every((other) => other.place !== place || other.toMs < fromMs || toMs < other.fromMs),
  )
  if (isFree) held.push(...wanted)
  return isFree
}

function placesOf(fault: Fault): readonly string[] {
  switch (fault.kind) {
    case 'crash':
    case 'vanish':
    case 'restart':
    case 'stop':
    case 'pause':
      return [fault.runner]
    case 'oneWay':
      return [fault.from, fault.to]
    default:
      return []
  }
}

const faultKinds: readonly FaultKind[] = [
  'crash',
  'vanish',
  'restart',
  'stop',
  'join',
  'pause',
  'partition',
  'oneWay',
  'registryOutage',
  'storageOutage',
  'unanswered',
  'breakLines',
  'clockJump',
]

function drawFault(dice: Dice, scope: FaultScope, kind: FaultKind): Fault {
  const atMs = dice.between(0, scope.withinMs)
  const runner = dice.pick(scope.runners)
  switch (kind) {
    case 'join':
      return { kind, atMs, forMs: 0 }
    case 'partition':
    case 'oneWay':
      return { kind, atMs, ...drawCut(dice, scope) }
    case 'registryOutage':
    case 'storageOutage':
    case 'unanswered':
      return { kind, runner: dice.chance(0.2) ? 'all' : runner, atMs, forMs: outageMs(dice, scope.leaseTtlMs) }
    default:
      return drawProcessFault(dice, scope, { kind, runner, atMs })
  }
}

function drawProcessFault(
  dice: Dice,
  { leaseTtlMs, withinMs }: FaultScope,
  where: Pick<ProcessFault, 'kind' | 'runner' | 'atMs'>,
): Fault {
  const { kind, runner, atMs } = where
  switch (kind) {
    case 'pause':
      return { kind, runner, atMs, forMs: pauseMs(dice, leaseTtlMs) }
    case 'stop':
      return { kind, runner, atMs, forMs: withinMs }
    case 'breakLines':
      return { kind, runner: dice.chance(0.3) ? 'client' : runner, atMs, forMs: 0 }
    case 'clockJump':
      return { kind, runner, atMs, forMs: 0, byMs: dice.between(-4000, 4000) }
    case 'crash':
    case 'vanish':
    case 'restart':
      return { kind, runner, atMs, forMs: dice.between(10, leaseTtlMs) }
  }
}

function drawCut(dice: Dice, { runners, leaseTtlMs }: FaultScope): { from: string; to: string; forMs: number } {
  const places = [...runners, 'client']
  const from = dice.pick(places) ?? 'client'
  const to = dice.pick(places.filter((place) => place !== from)) ?? 'client'
  return { from, to, forMs: dice.between(50, 2 * leaseTtlMs) }
}

/** Moments, as of a garbage collection; some that the lease survives; some that it does not. */
function pauseMs(dice: Dice, leaseTtlMs: number): number {
  if (dice.chance(0.4)) return dice.between(1, 200)
  return dice.chance(0.3) ? dice.between(200, leaseTtlMs) : dice.between(leaseTtlMs, 2.5 * leaseTtlMs)
}

function outageMs(dice: Dice, leaseTtlMs: number): number {
  return dice.chance(0.6) ? dice.between(5, 500) : dice.between(500, 1.5 * leaseTtlMs)
}
