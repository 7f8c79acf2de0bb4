import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Dice } from '@cruster/testing'
import { audit, type Violation } from './audit/audit.ts'
import { Journal } from './audit/journal.ts'
import { collectEvidence } from './collect-evidence.ts'
import type { FaultKind } from './faults/fault.ts'
import { weather } from './faults/weather.ts'
import { openWorld, type OpenWorld } from './open-world.ts'
import type { ChaosOptions } from './options.ts'
import { report } from './report.ts'

/** What a run came to. */
export interface ChaosResult {
  readonly journal: Journal
  readonly faults: ReadonlyMap<FaultKind, number>
  /** How long the faults lasted, and how long afterwards everything took to settle. */
  readonly stormMs: number
  readonly settlingMs: number
  readonly violations: readonly Violation[]
  /** Where all processes wrote what they logged. Removed when there are no violations. */
  readonly logs: string
}

/** How long clients may take to bring everything to its end when nothing is in the way any more. */
const finishMs = 90_000
const progressMs = 10_000

/** Lets a bank run in bad weather, and audits it afterwards. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const journal = new Journal()
  const { print, seed, runners, clients, seconds } = options
  print(`Chaos: seed ${seed}, ${runners} runners, ${clients} clients, ${seconds} s`)
  const world = await openWorld(options, journal)
  try {
    const result = await weatherAndAudit(world, options, journal)
    for (const line of report(result)) print(line)
    if (result.violations.length === 0) rmSync(world.logs, { recursive: true })
    else print(`What the processes logged is in ${world.logs}; again: --seed ${seed}`)
    return result
  } finally {
    await world[Symbol.asyncDispose]()
  }
}

async function weatherAndAudit(world: OpenWorld, options: ChaosOptions, journal: Journal): Promise<ChaosResult> {
  const faults = new Map<FaultKind, number>()
  const begun = performance.now()
  await storm(world, options, { journal, faults, begun })
  const calm = performance.now()
  const unfinished = await finish(world, options)
  journal.wrong.push(...unfinished)
  const violations = audit(await collectEvidence(world, journal, options.accounts))
  return { journal, faults, stormMs: calm - begun, settlingMs: performance.now() - calm, violations, logs: world.logs }
}

interface Storm {
  readonly journal: Journal
  readonly faults: Map<FaultKind, number>
  readonly begun: number
}

/** Resolves when the last fault is undone. */
async function storm(world: OpenWorld, options: ChaosOptions, { journal, faults, begun }: Storm): Promise<void> {
  const until = AbortSignal.timeout(options.seconds * 1000)
  const at = (): string => `${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s`
  const progress = setInterval(() => {
    const { calls, successes, longestGapMs } = journal
    const text = `${calls} calls, ${successes} of them answered, longest gap ${Math.round(longestGapMs)} ms`
    options.print(`${at()}  · ${text}`)
  }, progressMs)
  try {
    await weather(world, {
      dice: new Dice(options.seed).named('weather'),
      kinds: options.faults,
      until,
      onFault: ({ kind }, text) => {
        faults.set(kind, (faults.get(kind) ?? 0) + 1)
        options.print(`${at()}  ${text}`)
      },
    })
  } finally {
    clearInterval(progress)
  }
}

/** What did not come to its end. */
async function finish({ clients }: OpenWorld, { print }: ChaosOptions): Promise<readonly string[]> {
  print('The weather has cleared up: the clients finish what they have begun.')
  for (const client of clients) client.finish()
  const late = clients.map(async ({ finished }, index) =>
    Promise.race([
      finished.then(() => []),
      sleep(finishMs, [`client ${index + 1} could not bring everything to its end within ${finishMs} ms`], {
        ref: false,
      }),
    ]),
  )
  return (await Promise.all(late)).flat()
}
