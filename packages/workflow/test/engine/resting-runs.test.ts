import { describe, expect, it } from 'vitest'
import { RestingRuns } from '../../src/engine/resting-runs.ts'

function resting(names: readonly string[]) {
  const forgotten: string[] = []
  return { forgotten, cores: names.map((name) => ({ forget: () => void forgotten.push(name) })) }
}

describe('executions at rest', () => {
  it('are forgotten when there are more than may be in memory, those first that have rested longest', () => {
    const runs = new RestingRuns(2)
    const { cores, forgotten } = resting(['a', 'b', 'c', 'd'])
    for (const core of cores) runs.add(core)

    expect(forgotten).toEqual(['a', 'b'])
  })

  it('count anew when they come to rest again', () => {
    const runs = new RestingRuns(2)
    const { cores, forgotten } = resting(['a', 'b', 'c'])
    const [a, b, c] = cores
    for (const core of [a, b, a, c]) if (core !== undefined) runs.add(core)

    expect(forgotten).toEqual(['b'])
  })

  it('are not forgotten while they are at work', () => {
    const runs = new RestingRuns(1)
    const { cores, forgotten } = resting(['a', 'b', 'c'])
    const [a, b, c] = cores
    if (a === undefined || b === undefined || c === undefined) return
    runs.add(a)
    runs.delete(a)
    runs.add(b)
    expect(forgotten).toEqual([])
    runs.add(c)
    expect(forgotten).toEqual(['b'])
  })
})
