import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import type { SeedReport } from './seed-report.ts'

export interface SeedsOptions {
  readonly seeds: Iterable<number>
  /** Processes at once. */
  readonly jobs: number
  /** Name of a planted bug. */
  readonly bug?: string
  /** The program that runs seeds. Default: that of the simulation of entities. */
  readonly worker?: URL
  /** Hears of each seed. False: that is enough. */
  readonly onReport: (report: SeedReport) => boolean
}

const seedWorker = new URL('seed-worker.ts', import.meta.url)
const plant = new URL('planted/plant.ts', import.meta.url)

/** Runs seeds in processes of their own. Rejects when one of them ends by itself. */
export async function runSeeds(options: SeedsOptions): Promise<void> {
  const seeds = options.seeds[Symbol.iterator]()
  const processes = Array.from({ length: options.jobs }, () => startWorker(options))
  try {
    await Promise.all(processes.map((process) => feed(process, seeds, options.onReport)))
  } finally {
    for (const process of processes) process.kill()
  }
}

function startWorker({ bug, worker = seedWorker }: SeedsOptions): ChildProcess {
  return fork(worker, {
    execArgv: ['--conditions=@cruster/source', ...(bug === undefined ? [] : [`--import=${plant.href}`])],
    env: { ...process.env, ...(bug === undefined ? {} : { PLANTED_BUG: bug }) },
  })
}

async function feed(process: ChildProcess, seeds: Iterator<number>, onReport: SeedsOptions['onReport']): Promise<void> {
  for (let next = seeds.next(); next.done !== true; next = seeds.next()) {
    const goesOn = onReport(await ask(process, next.value))
    if (!goesOn) return void seeds.return?.()
  }
}

async function ask(process: ChildProcess, seed: number): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`The process that ran seed ${seed} ended with ${code}.`))
    process.once('exit', ended)
    process.once('message', (report) => {
      process.off('exit', ended)
      resolve(report as SeedReport)
    })
    process.send(seed)
  })
}
