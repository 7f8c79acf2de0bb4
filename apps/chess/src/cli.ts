#!/usr/bin/env node
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ApiClient } from './cli/api-client.ts'
import { CliError } from './cli/cli-error.ts'
import { findCommand, help } from './cli/find-command.ts'
import { MemoryFile } from './cli/memory-file.ts'
import { Session } from './cli/session.ts'

/** Runs one command and prints what it has to say. */
async function run(argv: readonly string[]): Promise<void> {
  const understood = findCommand(argv)
  if (understood === 'help') {
    console.log(help)
    return
  }
  const { command, args, options } = understood
  const asJson = options['json'] === true
  const url = String(options['url'] ?? process.env['CHESS_URL'] ?? 'http://127.0.0.1:3000').replace(/\/+$/, '')
  const memory = new MemoryFile(process.env['CHESS_MEMORY'] ?? join(homedir(), '.config', 'cruster-chess.json'))
  const session = new Session({
    api: new ApiClient(url),
    options,
    remembered: memory.playerAt(url),
    remember: (playerId) => memory.remember(url, playerId),
    say: (line) => {
      if (!asJson) console.log(line)
    },
  })
  const { json, text } = await command.run(session, args)
  console.log(asJson ? JSON.stringify(json) : text)
}

try {
  await run(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  console.error(error instanceof CliError ? error.message : error)
  process.exit(error instanceof CliError ? error.exitCode : 1)
}
