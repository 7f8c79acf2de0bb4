import { expect, it } from 'vitest'
import { runKills } from '../src/run-kills.ts'

it(
  'every execution ends as it must, with every effect once, while runners are killed',
  { timeout: 180_000 },
  async () => {
    const report = await runKills({ kills: 10, runners: 3, perKill: 2, print: (line) => console.log(line) })

    console.log(report)
    expect(report.wrong).toEqual([])
    expect(report.executions).toBe(10 * 2 * 6)
  },
)
