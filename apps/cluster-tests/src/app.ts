import type { Registrable } from '@cruster/sharding'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import { makeTables } from './database/tables.ts'
import { counter } from './entities/counter.ts'
import { crossEntity } from './entities/cross-entity.ts'
import { kvStore } from './entities/kv-store.ts'
import { statelessCounter } from './entities/stateless-counter.ts'
import { ticker, tickerControl } from './entities/ticker.ts'
import { timer } from './entities/timer.ts'
import { traitTest } from './entities/trait-test.ts'
import { HttpServer } from './http/http-server.ts'
import { routes } from './http/routes.ts'
import { openDatabase, startRunner } from './runtime.ts'
import { activityWorkflow } from './workflows/activity-workflow.ts'
import { orderWorkflow } from './workflows/order.ts'
import { scheduleTimerWorkflow } from './workflows/schedule-timer-implementation.ts'
import { sqlTransferWorkflow } from './workflows/sql-transfer.ts'
import { failingWorkflow, longWorkflow, simpleWorkflow } from './workflows/step-workflows.ts'

/** The application in this process. Disposing it hands its shards over, and ends. */
export interface App extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
}

/** Listens first, and is ready when the runner has its shards. */
export async function startApp(config: Config): Promise<App> {
  const server = await HttpServer.listen(config)
  try {
    const database = await openDatabase(config)
    const runtime = await started(config, database)
    server.open(runtime.serve)
    return {
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${server.port}`,
      async [Symbol.asyncDispose]() {
        server.close()
        await runtime[Symbol.asyncDispose]()
        await server[Symbol.asyncDispose]()
        await database[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

interface Started extends AsyncDisposable {
  readonly serve: (request: Request) => Response | Promise<Response>
}

async function started(config: Config, database: Database): Promise<Started> {
  try {
    await makeTables(database)
    const runner = await startRunner(config, implementations(database))
    const app = routes({
      client: runner.client,
      database,
      shards: { shardsPerGroup: config.shardsPerGroup, groups: ['default'] },
      entityTypes: () => runner.members.find(({ instanceId }) => instanceId === runner.instanceId)?.entityTypes ?? [],
      activeEntities: () => runner.sharding.activeEntityCount,
    })
    return { serve: (request) => app.fetch(request), [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose]() }
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

function implementations(database: Database): readonly Registrable[] {
  const entities = [counter, kvStore, statelessCounter.with({ database }), traitTest, crossEntity, timer, tickerControl]
  const steps = [simpleWorkflow, failingWorkflow, longWorkflow]
  const workflows = [...steps, activityWorkflow, sqlTransferWorkflow, orderWorkflow, scheduleTimerWorkflow]
  return [...entities, ...workflows, ticker]
}
