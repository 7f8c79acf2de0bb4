import { parseCommand, usage, type Command } from './command-line.ts'
import { compare, figureTable, median, ratioTable, type Comparison } from './report.ts'
import type { Outcome } from './roles/measure.ts'
import { runSide, type RunOptions } from './run.ts'
import { Servers } from './servers.ts'
import type { Figure, FigureWorkload, RateWorkload, SideName, Workload } from './workload.ts'
import { workloads } from './workloads/index.ts'

/** `pnpm bench`: runs workloads against their baselines, and prints a table of ratios or lines of JSON. */
const command = readCommand()
const options: RunOptions = { ...command, profileFolder: command.profile ? 'profiles' : undefined }
const ratios: Comparison[] = []
const figures: { workload: string; figure: Figure }[] = []

await using servers = new Servers()
for (const workload of command.workloads) {
  if (workload.kind === 'rate') await measureRate(workload)
  else await measureFigures(workload)
}
if (!command.json) {
  if (ratios.length > 0) console.log(`\n${ratioTable(ratios)}`)
  if (figures.length > 0) console.log(`\n${figureTable(figures)}`)
}

function readCommand(): Command {
  try {
    return parseCommand(process.argv.slice(2), workloads)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}

async function measureRate(workload: RateWorkload): Promise<void> {
  const all = command.concurrency === undefined ? [...workload.goals.keys()] : [command.concurrency]
  for (const concurrency of all) {
    const runs: Comparison[] = []
    for (let run = 1; run <= command.runs; run++) {
      const once = async (side: SideName) => {
        progress(workload, `${concurrency} callers, run ${run} of ${command.runs}, ${side}`)
        return rateOf(await runSide(servers, workload, { side, concurrency, options }))
      }
      runs.push(compare(workload, concurrency, { baseline: await once('baseline'), cruster: await once('cruster') }))
    }
    const result = median(runs)
    ratios.push(result)
    if (command.json) console.log(JSON.stringify(result))
  }
}

async function measureFigures(workload: FigureWorkload): Promise<void> {
  progress(workload, 'running')
  const outcome = await runSide(servers, workload, { side: 'cruster', concurrency: command.concurrency ?? 1, options })
  if (outcome.kind !== 'figures') throw new TypeError(`${workload.id} came to no figures.`)
  for (const figure of outcome.figures) figures.push({ workload: workload.id, figure })
  if (command.json) console.log(JSON.stringify({ workload: workload.id, figures: outcome.figures }))
}

function rateOf(outcome: Outcome): Extract<Outcome, { readonly kind: 'rate' }> {
  if (outcome.kind !== 'rate') throw new TypeError('A workload of rates came to figures.')
  return outcome
}

function progress({ id, title }: Workload, what: string): void {
  console.error(`${id.toUpperCase()} ${title}: ${what}`)
}
