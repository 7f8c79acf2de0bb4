import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { ScheduleStatus } from '@cruster/singleton'
import type { Simulation, SimulationResult } from '@cruster/testing'
import { Dice, trySimulation } from '@cruster/testing'
import { runSql } from '../sql.ts'
import { checkFires, checkProgress, checkWrites } from './check-singletons.ts'
import { everySecond, singletonTables, writer } from './singletons.ts'
import { Surroundings } from './surroundings.ts'

/** Plays a singleton with all kinds of manners and a schedule on a simulated cluster, and checks what was promised. */
export async function runSingletons(seed: number, faults: 'all' | 'none' = 'all'): Promise<SimulationResult> {
  const dice = new Dice(seed).named('singletons')
  const lastsMs = dice.between(8000, 20_000)
  const surroundings = new Surroundings()
  return trySimulation({
    seed,
    runners: dice.whole(3, 5),
    register: [writer(seed, surroundings), everySecond],
    faults,
    duration: lastsMs,
    storage: async (clock) => {
      surroundings.begin(async (ms) => {
        await new Promise<void>((resolve) => clock.setTimer(ms, resolve))
      })
      const storage = await openSqliteStorage({ file: ':memory:', clock })
      await runSql(storage, singletonTables)
      return storage
    },
    run: async (simulation) => {
      await simulation.sleep(lastsMs)
      await pauseSchedule(simulation)
    },
    afterwards: async (simulation) => {
      const status = await simulation.connect(everySecond).status()
      const found = [
        ...(await checkProgress(simulation)),
        ...(await checkWrites(simulation)),
        ...(await fires(simulation, status)),
      ]
      for (const violation of found) simulation.report(violation)
    },
  })
}

/** A schedule that goes on always has a message on its way: a simulation ends when there is none. */
async function pauseSchedule(simulation: Simulation): Promise<void> {
  for (;;) {
    try {
      await simulation.connect(everySecond).pause()
      if ((await simulation.connect(everySecond).status())?.paused !== undefined) return
    } catch {
      // The faults are not over yet.
    }
    await simulation.sleep('500ms')
  }
}

async function fires(simulation: Simulation, status: ScheduleStatus | undefined) {
  if (status !== undefined) return checkFires(simulation, status)
  return [{ check: 'a declared schedule exists', message: 'there is none' }]
}
