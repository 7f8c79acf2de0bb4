import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program in a process of its own. */
export interface Program {
  readonly pid: number
  /** Lines of its output until it ends. */
  readonly lines: AsyncIterableIterator<string>
  /** SIGKILL: no clean-up runs. Resolves when the process is gone. */
  kill(): Promise<void>
}

/** Runs it as it is: Node takes the types away. */
export function startProgram(program: URL, ...args: readonly string[]): Program {
  const path = fileURLToPath(program)
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
