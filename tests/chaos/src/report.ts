import type { ChaosResult } from './run-chaos.ts'

/** How many violations are shown of each kind. */
const shown = 10

/** The result for people, line by line. */
export function report({ journal, faults, stormMs, settlingMs, violations }: ChaosResult): readonly string[] {
  const states = Map.groupBy(journal.entries.values(), ({ state }) => state)
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  return [
    '',
    `Storm      ${seconds(stormMs)}, settled after ${seconds(settlingMs)} more`,
    `Transfers  ${[...states].map(([state, { length }]) => `${length} ${state}`).join(', ')}`,
    `Calls      ${journal.calls}, ${Math.round(journal.successes / (stormMs / 1000))} answered a second`,
    ...[...journal.outcomes]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .flatMap(([what, counts]) => outcomeLines(what, counts)),
    `Faults     ${[...faults].map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
    `Longest    ${seconds(journal.longestCallMs)} for a call; ${seconds(journal.longestGapMs)} without any answer`,
    ...verdict(violations),
  ]
}

function outcomeLines(what: string, counts: ReadonlyMap<string, number>): readonly string[] {
  const texts = [...counts].toSorted(([, a], [, b]) => b - a).map(([outcome, count]) => `${count} ${outcome}`)
  return [`  ${what.padEnd(9)}${texts.join(', ')}`]
}

function verdict(violations: ChaosResult['violations']): readonly string[] {
  if (violations.length === 0) {
    return [
      'Verdict    passed: the books balance, nothing is missing, nothing is doubled, no call hung, nothing is left',
    ]
  }
  const kinds = Map.groupBy(violations, ({ promise }) => promise)
  return [
    `Verdict    FAILED: ${violations.length} violations`,
    ...[...kinds].flatMap(([promise, all]) => [
      `  ${promise}: ${all.length}`,
      ...all.slice(0, shown).map(({ text }) => `    ${text}`),
    ]),
  ]
}
