import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a program ended and all it printed. */
export interface Ended {
  readonly code: number
  readonly output: string
}

export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a program to its end and keeps what it prints. Rejects only if it cannot be started. */
export async function capture(command: readonly string[], { cwd = repository } = {}): Promise<Ended> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve(status ?? 1))
  })
  return { code, output }
}
