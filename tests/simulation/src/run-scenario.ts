import type { Clock, Storage } from '@cruster/core/ports'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { ProcessPorts, Simulation, SimulationResult, Violation } from '@cruster/testing'
import { trySimulation } from '@cruster/testing'
import { checkDeliveries, maxAttempts } from './checks/check-deliveries.ts'
import { checkErrors } from './checks/check-errors.ts'
import { checkInbox } from './checks/check-inbox.ts'
import { checkLinearizable } from './checks/check-linearizable.ts'
import { checkMoney } from './checks/check-money.ts'
import { checkKeyed } from './checks/merge-keyed.ts'
import { EffectLog } from './effect-log.ts'
import { implementations, tables } from './entities.ts'
import { playSteps } from './play-steps.ts'
import { readEverything } from './read-everything.ts'
import type { Scenario } from './scenario.ts'
import { runSql } from './sql.ts'

export interface RunOptions {
  /** Opens an empty storage. Default: SQLite in memory. */
  readonly open?: (clock: Clock) => Promise<Storage>
  readonly sabotage?: (name: string, ports: ProcessPorts) => ProcessPorts
}

/** Plays a scenario on a simulated cluster, and checks everything that was promised. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<SimulationResult> {
  const log = new EffectLog()
  const open = options.open ?? ((clock: Clock) => openSqliteStorage({ file: ':memory:', clock }))
  return trySimulation({
    seed: scenario.seed,
    runners: scenario.runners,
    register: implementations(log),
    config: { maxAttempts },
    faults: scenario.faults,
    duration: scenario.lastsMs,
    storage: async (clock) => {
      const storage = await open(clock)
      await runSql(storage, tables)
      return storage
    },
    run: async (simulation) => {
      watch(log, simulation)
      await playSteps(simulation, scenario.steps)
    },
    afterwards: readEverything,
    check: async (history, simulation) => {
      const found: readonly Violation[] = [
        ...checkErrors(history, simulation),
        ...checkLinearizable(history),
        ...checkKeyed(history.operations),
        ...checkInbox(history, simulation),
        ...checkDeliveries(log, simulation),
        ...(await checkMoney(history, simulation)),
      ]
      for (const violation of found) simulation.report(violation)
    },
    ...(options.sabotage === undefined ? {} : { sabotage: options.sabotage }),
  })
}

function watch(log: EffectLog, simulation: Simulation): void {
  log.observe({
    now: () => simulation.clock.now(),
    counted: (request) => simulation.messages.find(({ id }) => id === request)?.attempts ?? 0,
    isOwner: ({ shard }, epoch) => simulation.ownerOf(shard)?.epoch === epoch,
  })
}
