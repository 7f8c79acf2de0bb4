import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { findBugs } from './planted/find-bugs.ts'
import { plantedBugs } from './planted/planted-bugs.ts'
import { Progress } from './progress.ts'
import { replay } from './replay.ts'
import { runSeeds } from './run-seeds.ts'
import { seedRange } from './seed-range.ts'

const usage = `pnpm sim --seeds 10000 [--from 1] [--jobs 2]   many seeds, on all cores
pnpm sim --seed 7 [--shrink] [--all]           one seed, with its trace; smaller, if it fails; with every line
pnpm sim --bugs [--seeds 400]                  how many seeds it takes to find each planted bug`

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: `${availableParallelism()}` },
    shrink: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    bugs: { type: 'boolean', default: false },
  },
})

process.exitCode = (await run()) ? 0 : 1

async function run(): Promise<boolean> {
  const jobs = Number(values.jobs)
  if (values.seed !== undefined) return replay(Number(values.seed), values)
  if (values.bugs) return bugs(Number(values.seeds ?? 400), jobs)
  if (values.seeds !== undefined) return many(Number(values.seeds), jobs)
  console.log(usage)
  return false
}

async function bugs(budget: number, jobs: number): Promise<boolean> {
  const missed = await findBugs(plantedBugs, { budget, jobs, onRow: (row) => console.log(row) })
  return missed.length === 0
}

async function many(count: number, jobs: number): Promise<boolean> {
  const progress = new Progress()
  const onReport: Parameters<typeof runSeeds>[0]['onReport'] = (report) => {
    progress.add(report)
    return true
  }
  await runSeeds({ seeds: seedRange(Number(values.from), count), jobs, onReport })
  console.log(progress.summary)
  for (const seed of progress.failed.slice(0, 5)) console.log(`pnpm sim --seed ${seed} --shrink`)
  return progress.failed.length === 0
}
