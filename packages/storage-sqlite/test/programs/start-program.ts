import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program of this folder in a process of its own. */
export interface Program {
  readonly pid: number
  /** Lines of its output until it ends. */
  readonly lines: AsyncIterableIterator<string>
  /** SIGKILL: no clean-up runs. Resolves when the process is gone. */
  kill(): Promise<void>
}

export function startProgram(name: string, ...args: readonly string[]): Program {
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@cruster/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  return {
    pid: child.pid ?? 0,
    lines: createInterface(child.stdout)[Symbol.asyncIterator](),
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
