#!/usr/bin/env node
import { startChess } from './chess-server.ts'
import { EnvironmentError, readConfig } from './config.ts'
import { embeddedRuntime } from './embedded-runtime.ts'
import { ListenError } from './http/listen.ts'
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
  // What the user can put right is said in a sentence; anything else is ours and keeps its stack.
  console.error(error instanceof EnvironmentError || error instanceof ListenError ? error.message : error)
  process.exit(1)
}
