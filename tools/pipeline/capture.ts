import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How a program ended and all it printed. */
export interface Ended {
  readonly code: number
  readonly output: string
}

export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The environment for programs of this repository: they are found without being on the caller's path. */
export const environment = {
  ...process.env,
  PATH: [join(repository, 'node_modules/.bin'), process.env.PATH].join(delimiter),
}

/** Runs a program to its end and keeps what it prints. Rejects only if it cannot be started. */
export async function capture(command: readonly string[], { cwd = repository } = {}): Promise<Ended> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve(status ?? 1))
  })
  return { code, output }
}
