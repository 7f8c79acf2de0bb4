import type { Fault } from '@cruster/testing'
import { Dice } from '@cruster/testing'

/** One thing that a caller does: plain data, so that a scenario can be printed, replayed and made smaller. */
export interface Step {
  readonly atMs: number
  readonly from: string
  readonly how: 'call' | 'notify' | 'schedule' | 'stream'
  readonly type: string
  readonly id: string
  readonly method: string
  readonly input?: unknown
  readonly key?: string
  readonly timeoutMs?: number
  /** Of a schedule. */
  readonly afterMs?: number
  /** Of a schedule: cancelled after so long. */
  readonly cancelAfterMs?: number
}

/** What happens in one run. */
export interface Scenario {
  readonly seed: number
  readonly runners: number
  readonly lastsMs: number
  readonly steps: readonly Step[]
  readonly faults: 'all' | 'none' | readonly Fault[]
}

type Draft = Omit<Step, 'atMs' | 'from'>

/** Draws a scenario from a seed. Values are unique, so that each can be told from all others. */
export function drawScenario(seed: number, faults: Scenario['faults'] = 'all'): Scenario {
  const dice = new Dice(seed).named('scenario')
  const runners = dice.whole(3, 5)
  const lastsMs = dice.between(6000, 20_000)
  const steps: Step[] = []
  for (const wanted = dice.whole(50, 120); steps.length < wanted;) {
    steps.push(...drawBurst(dice, { first: steps.length, runners, lastsMs }))
  }
  return { seed, runners, lastsMs, faults, steps: steps.toSorted((one, other) => one.atMs - other.atMs) }
}

/** One step; or, now and then, several on one entity at almost the same moment. */
function drawBurst(
  dice: Dice,
  { first, runners, lastsMs }: { readonly first: number; readonly runners: number; readonly lastsMs: number },
): readonly Step[] {
  const atMs = dice.chance(0.2) ? Math.round(dice.between(0, lastsMs) / 1000) * 1000 : dice.between(0, lastsMs)
  const draw = dice.pick(draws)
  const { id } = draw(dice, '')
  return Array.from({ length: dice.chance(0.18) ? dice.whole(3, 7) : 1 }, (_, index) => {
    const from = dice.chance(0.6) ? 'client' : `runner-${dice.whole(1, runners)}`
    return {
      ...hurried(dice, draw(dice, `v${first + index}`)),
      id,
      from,
      atMs: atMs + (index === 0 ? 0 : dice.between(0, 8)),
    }
  })
}

/** Some callers do not wait long. */
function hurried(dice: Dice, step: Draft): Draft {
  return step.how === 'call' && dice.chance(0.1) ? { ...step, timeoutMs: dice.whole(1, 800) } : step
}

type Draw = (dice: Dice, value: string) => Draft

const draws: readonly [Draw, ...Draw[]] = [
  drawRegister,
  drawRegister,
  drawCounter,
  drawCounter,
  drawQueue,
  drawQueue,
  drawInbox,
  drawInbox,
  drawInbox,
  drawAccount,
  drawLedger,
]

function drawRegister(dice: Dice, value: string): Draft {
  const at = { how: 'call', type: 'Register', id: `r${dice.whole(1, 2)}` } as const
  if (dice.chance(0.45)) return { ...at, method: 'read' }
  if (dice.chance(0.6)) return { ...at, method: 'write', input: value }
  const from = dice.chance(0.3) ? null : `v${dice.whole(0, 60)}`
  return { ...at, method: 'swap', input: { from, to: value } }
}

function drawCounter(dice: Dice, value: string): Draft {
  const at = { how: 'call', type: 'Counter', id: `c${dice.whole(1, 2)}` } as const
  if (dice.chance(0.3)) return { ...at, method: 'get' }
  // A key is used by several steps, always with the same input: together they count once.
  const keyed = dice.whole(1, 5)
  if (dice.chance(0.35)) return { ...at, method: 'increment', input: 1000 * keyed, key: `k${keyed}` }
  return { ...at, method: 'increment', input: 1 + (Number(value.slice(1)) % 7) }
}

function drawQueue(dice: Dice, value: string): Draft {
  const at = { how: 'call', type: 'Queue', id: `q${dice.whole(1, 2)}` } as const
  if (dice.chance(0.15)) return { ...at, method: 'size' }
  return dice.chance(0.55) ? { ...at, method: 'enqueue', input: value } : { ...at, method: 'dequeue' }
}

function drawInbox(dice: Dice, value: string): Draft {
  const at = { type: 'Inbox', id: `i${dice.whole(1, 2)}`, input: value } as const
  if (dice.chance(0.12)) return { type: at.type, id: at.id, how: 'stream', method: 'tail' }
  if (dice.chance(0.05)) return { ...at, how: 'notify', method: 'poison' }
  if (dice.chance(0.4)) return { ...at, how: 'notify', method: 'put', ...(dice.chance(0.2) ? { key: value } : {}) }
  if (dice.chance(0.15)) return { ...at, how: 'call', method: 'put' }
  const afterMs = dice.whole(0, dice.chance(0.3) ? 12_000 : 3000)
  const cancelAfterMs = dice.chance(0.5) ? dice.whole(0, afterMs) : dice.whole(afterMs, afterMs + 1500)
  const cancelled = dice.chance(0.5) ? { cancelAfterMs } : {}
  return { ...at, how: 'schedule', method: 'put', afterMs, ...cancelled }
}

function drawAccount(dice: Dice): Draft {
  const at = { how: 'call', type: 'Account', id: `a${dice.whole(1, 3)}` } as const
  if (dice.chance(0.2)) return { ...at, method: 'balance' }
  return { ...at, method: 'send', input: { to: `a${dice.whole(1, 3)}`, amount: dice.whole(1, 40) } }
}

function drawLedger(dice: Dice, value: string): Draft {
  const at = { type: 'Ledger', id: `l${dice.whole(1, 2)}`, method: 'book' } as const
  const text = dice.chance(0.3) ? `shared-${dice.whole(1, 4)}` : value
  const key = text === value ? {} : { key: text }
  return { ...at, how: dice.chance(0.7) ? 'call' : 'notify', input: text, ...key }
}
