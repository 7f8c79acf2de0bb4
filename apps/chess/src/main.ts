#!/usr/bin/env node
import { startChess } from './chess-server.ts'
import { readConfig } from './config.ts'
import { embeddedRuntime } from './embedded-runtime.ts'
import { startFailure } from './start-failure.ts'
import { systemTime } from './system-time.ts'
import { untilSignal } from './until-signal.ts'

try {
  const { host, port, dataDir } = readConfig(process.env)
  const server = await startChess({ host, port, time: systemTime, startRuntime: embeddedRuntime(dataDir) })
  console.log(`Chess is ready: ${server.url}`)
  await untilSignal('SIGINT', 'SIGTERM')
  await server[Symbol.asyncDispose]()
  process.exit(0)
} catch (error) {
  console.error(startFailure(error))
  process.exit(1)
}
