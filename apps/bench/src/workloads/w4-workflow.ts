import { SingleRunner } from 'cruster'
import type { Environment, Load, RateWorkload } from '../workload.ts'
import { insertLoad } from './insert.ts'
import { completedExecutions, runSql } from './sql.ts'
import { ThreeRows, ThreeSteps, steppingHandlers } from './three-steps.ts'
import { storageOf } from './w3-persisted.ts'

/** A workflow of three activities, from its start to its result. */
export const w4: RateWorkload = {
  kind: 'rate',
  id: 'w4',
  title: 'workflow of three trivial activities, start to result',
  baselineTitle: 'five autocommit INSERTs, one after the other',
  needs: ['postgres'],
  goals: new Map([
    [1, 0.8],
    [64, 3],
  ]),
  sides: {
    baseline: (environment) =>
      insertLoad(environment, 5, async (table) => {
        for (let row = 0; row < 5; row++) await table.insert()
      }),
    cruster: async (environment) => {
      const { ran, register } = steppingHandlers()
      const runner = await SingleRunner.start({ storage: storageOf(environment), register })
      const client = runner.client(ThreeSteps)
      return {
        operation: (caller, turn) => client.execute(`${caller}/${turn}`),
        verify: async () => ({
          ran: ran.steps / 3,
          completed: await completedExecutions(environment.postgresUrl),
        }),
        [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
      }
    },
  },
}

/** The same with a row of the user's in the transaction of each activity. */
export const w5: RateWorkload = {
  kind: 'rate',
  id: 'w5',
  title: 'the same, each activity also writes a user row through tx',
  baselineTitle: 'three transactions of two INSERTs, then one INSERT',
  needs: ['postgres'],
  goals: new Map([
    [1, 0.9],
    [64, 1.2],
  ]),
  sides: { baseline: transactions, cruster: workflowsWithRows },
}

function transactions(environment: Environment): Promise<Load> {
  return insertLoad(environment, 7, async (table) => {
    for (let step = 0; step < 3; step++) await table.insertTogether(2)
    await table.insert()
  })
}

async function workflowsWithRows(environment: Environment): Promise<Load> {
  const { postgresUrl } = environment
  await createUserRows(postgresUrl)
  const { register } = steppingHandlers()
  const runner = await SingleRunner.start({ storage: storageOf(environment), register })
  const client = runner.client(ThreeRows)
  return {
    operation: (caller, turn) => client.execute(`${caller}/${turn}`),
    verify: async () => ({
      rows: (await runSql(postgresUrl, 'select count(*)::float8 as n from user_rows')) / 3,
      steps: (await runSql(postgresUrl, 'select count(distinct step)::float8 as n from user_rows')) / 3,
      completed: await completedExecutions(postgresUrl),
    }),
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  }
}

/** The table into which activities of {@link ThreeRows} write. */
export async function createUserRows(url: string | undefined): Promise<void> {
  await runSql(url, 'create table user_rows (step text not null, written_at timestamptz default clock_timestamp())')
}
