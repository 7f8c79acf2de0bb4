#!/usr/bin/env node
import { startApp } from './app.ts'
import { EnvironmentError, readConfig } from './config.ts'
import { untilToldToEnd } from './until-told-to-end.ts'

try {
  const told = untilToldToEnd()
  const app = await startApp(readConfig(process.env))
  console.log(`cluster-tests is ready: ${app.url}`)
  await told
  await app[Symbol.asyncDispose]()
  process.exit(0)
} catch (error) {
  console.error(error instanceof EnvironmentError ? error.message : error)
  process.exit(1)
}
