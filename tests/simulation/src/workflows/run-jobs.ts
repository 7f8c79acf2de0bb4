import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { SimulationResult } from '@cruster/testing'
import { allFaults, trySimulation } from '@cruster/testing'
import { runSql } from '../sql.ts'
import type { Ends } from './check-jobs.ts'
import { awaitJobs, checkJobs } from './check-jobs.ts'
import { checkRecords, watchRecords } from './check-records.ts'
import type { JobScenario } from './job-scenario.ts'
import { job, jobTables, part } from './job.ts'
import { playJobs } from './play-jobs.ts'

/** Waits are longer by as much as a runner's clock is ahead, and chains of them would outlast the calm at the end of a run. */
const allButClocks = { ...allFaults, clockJump: 0 }

/** Plays a scenario with workflows on a simulated cluster, and checks what was promised. */
export async function runJobs(scenario: JobScenario): Promise<SimulationResult> {
  let ends: Ends = new Map()
  return trySimulation({
    seed: scenario.seed,
    runners: scenario.runners,
    register: [job, part],
    faults: scenario.faults === 'all' ? allButClocks : scenario.faults,
    duration: scenario.lastsMs,
    storage: async (clock) => {
      const storage = await openSqliteStorage({ file: ':memory:', clock })
      await runSql(storage, jobTables)
      return storage
    },
    run: (simulation) => watchRecords(simulation, scenario, () => playJobs(simulation, scenario)),
    afterwards: async (simulation) => {
      ends = await awaitJobs(simulation, scenario)
    },
    check: async (_, simulation) => {
      const found = [...(await checkJobs(simulation, scenario, ends)), ...(await checkRecords(simulation, ends))]
      for (const violation of found) simulation.report(violation)
    },
  })
}
