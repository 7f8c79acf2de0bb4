#!/usr/bin/env node
import { startChess } from './chess-server.ts'
import { clusterRuntime } from './cluster-runtime.ts'
import { readConfig } from './config.ts'
import { embeddedRuntime } from './embedded-runtime.ts'
import { startFailure } from './start-failure.ts'
import { systemTime } from './system-time.ts'
import { untilToldToEnd } from './until-told-to-end.ts'

try {
  const { host, port, name, retentionDays, runtime } = readConfig(process.env)
  const startRuntime = runtime.kind === 'cluster' ? clusterRuntime(runtime) : embeddedRuntime(runtime.dataDir)
  const server = await startChess({ host, port, name, retentionDays, time: systemTime, startRuntime })
  console.log(`Chess is ready: ${server.url}`)
  await untilToldToEnd()
  await server[Symbol.asyncDispose]()
  process.exit(0)
} catch (error) {
  console.error(startFailure(error))
  process.exit(1)
}
