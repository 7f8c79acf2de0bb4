import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diesWithUs, isGone } from '../../../process/src/program/reaper.ts'

export interface ChildOptions {
  /** Its program. */
  readonly file: URL
  /** What the program is told: plain JSON. */
  readonly argument: unknown
  /** Gets all that it prints. */
  readonly log: string
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly onMessage: (message: unknown) => void
}

/** A program in a process of its own, which ends with this one, however that ends. */
export class Child {
  /** How it ended: an exit code, or the name of a signal. */
  readonly ended: Promise<string>
  readonly #process: ChildProcess

  constructor({ file, argument, log, nodeOptions = [], env, onMessage }: ChildOptions) {
    const output = openSync(log, 'a')
    this.#process = spawn(
      process.execPath,
      ['--conditions=@cruster/source', ...nodeOptions, fileURLToPath(file), JSON.stringify(argument)],
      { stdio: ['ignore', output, output, 'ipc'], detached: true, env: { ...process.env, ...env } },
    )
    this.#process.on('message', onMessage)
    this.ended = once(this.#process, 'exit').then(([code, signal]) => String(signal ?? `exit code ${String(code)}`))
    const { pid } = this.#process
    if (pid === undefined) return
    diesWithUs(pid)
    void this.ended.then(() => isGone(pid))
  }

  /** Does nothing to one that is gone. */
  tell(message: object): void {
    if (this.#process.connected) this.#process.send(message, () => {})
  }

  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal)
  }
}
