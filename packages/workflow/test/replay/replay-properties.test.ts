import { encode } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/journal/journal-entry.ts'
import { decodeEntry, encodeEntry } from '../../src/journal/entry-codec.ts'
import { Dice, bodyOf, randomProgram } from './random-program.ts'
import type { Body } from './scripted-run.ts'
import { ScriptedRun } from './scripted-run.ts'

/** What a run had seen when everything up to a position of the journal was delivered. */
interface Moment {
  readonly position: number
  readonly trace: readonly string[]
}

const maxEntries = 40

/** Plays the world for a body, in an order that the dice decide, with crashes. */
async function live(body: Body, dice: Dice): Promise<{ readonly run: ScriptedRun; readonly moments: Moment[] }> {
  let run = new ScriptedRun(body)
  const moments: Moment[] = []
  await run.advance()
  moments.push({ position: run.journal.length, trace: [...run.trace] })
  while (run.ended === undefined && run.journal.length < maxEntries) {
    if (dice.below(6) === 0) {
      const before = [...run.trace]
      run = new ScriptedRun(body, throughStorage(run.journal))
      await run.advance()
      expect(run.replay.mismatch).toBeUndefined()
      expect(run.trace).toEqual(before)
      if (run.ended !== undefined) break
    }
    happen(run, dice)
    await run.advance()
    moments.push({ position: run.journal.length, trace: [...run.trace] })
  }
  return { run, moments }
}

const throughStorage = (journal: readonly JournalEntry[]): JournalEntry[] =>
  journal.map((entry) => decodeEntry(encodeEntry(entry)))

/** One thing that the world may do. */
function happen(run: ScriptedRun, dice: Dice): void {
  const { open } = run
  const operation = open.length === 0 ? undefined : dice.pick(open)
  if (operation === undefined || dice.below(8) === 0) {
    return run.event({ kind: 'signal', name: dice.pick(['go', 'stop']), payload: encode(dice.below(10)) })
  }
  if (operation.kind === 'signal') {
    return run.event({ kind: 'signal', name: operation.name, payload: encode(dice.below(10)) })
  }
  if (operation.kind !== 'sleep') return run.done(operation.step, dice.below(10))
  if (operation.phase === 'asked') return run.waiting(operation.step)
  run.event({ kind: 'timer', run: 1, step: operation.step, attempt: 0 })
}

describe('a random program', () => {
  const seeds = Array.from({ length: 150 }, (_, index) => index + 1)

  it.each(seeds)('replays from every point of its journal to what it had seen there (seed %i)', async (seed) => {
    const dice = new Dice(seed)
    const body = bodyOf(randomProgram(dice))
    const { run, moments } = await live(body, dice)

    for (const { position, trace } of moments) {
      const again = new ScriptedRun(body, run.journal.slice(0, position))
      await again.advance()
      expect(again.replay.mismatch).toBeUndefined()
      expect(again.trace).toEqual(trace)
    }
    const whole = new ScriptedRun(body, run.journal)
    await whole.advance()
    expect(whole.ended).toEqual(run.ended)
  })

  it.each(seeds)('does not run on when one of its steps is changed (seed %i)', async (seed) => {
    const dice = new Dice(seed)
    const body = bodyOf(randomProgram(dice))
    const { run } = await live(body, dice)
    const steps = run.journal.filter((entry) => entry.kind === 'done')
    if (steps.length === 0) return
    const { step, of } = dice.pick(steps)
    const change = dice.pick(['renamed', 'inserted', 'removed', 'input'] as const)

    const changed = new ScriptedRun(changedAt(body, step, change), throughStorage(run.journal))
    const standing = await changed.advance()

    expect(standing, `${change} ${of} at ${step}`).toBe('mismatch')
    const { mismatch } = changed.replay
    expect(mismatch?.step).toBeLessThanOrEqual(lastStepOf(run.journal))
    expect(mismatch?.step).toBeGreaterThanOrEqual(change === 'removed' ? 1 : step)
    const seen = changed.trace.length
    expect(changed.replay.deliver()).toBe('mismatch')
    expect(changed.trace).toHaveLength(seen)
  })
})

const lastStepOf = (journal: readonly JournalEntry[]): number =>
  Math.max(...journal.map((entry) => ('step' in entry ? entry.step : 0)))

/** The same body, but that its operation with this number is another one. */
function changedAt(body: Body, at: number, change: 'renamed' | 'inserted' | 'removed' | 'input'): Body {
  return (script) => {
    const isIt = (): boolean => script.replay.lastStep + 1 === at
    return body({
      ...script,
      step: async (name, input, kind) => {
        if (!isIt()) return script.step(name, input, kind)
        if (change === 'removed') return 0
        if (change === 'inserted') await script.step('audit', 0)
        if (change === 'renamed') return script.step(`${name}2`, input, kind)
        return script.step(name, change === 'input' ? [input, 'changed'] : input, kind)
      },
    })
  }
}
