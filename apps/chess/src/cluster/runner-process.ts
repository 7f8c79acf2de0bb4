import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Backend } from './backends.ts'

/** Beside this folder, in the sources as in what is built. */
const program = ['../main.ts', '../main.js'].map((file) => fileURLToPath(new URL(file, import.meta.url)))

const ready = /^Chess is ready: (http:\/\/\S+)$/

/** How long a process may take to hand over what it has; then it is ended. */
const goodbyeMs = 20_000

export interface RunnerProcessOptions {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  /** Gets what the process says, line by line. */
  readonly say: (line: string) => void
}

/** One runner of the cluster, in a process of its own. It ends with this one, however this one ends. */
export class RunnerProcess implements Backend {
  readonly name: string
  readonly url: string
  readonly pid: number
  /** Resolves with how it ended: an exit code, or the name of a signal. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, about: { name: string; url: string; ended: Promise<string> }) {
    this.#child = child
    this.name = about.name
    this.url = about.url
    this.ended = about.ended
    this.pid = child.pid ?? 0
  }

  /** Resolves when it serves requests. Rejects when it ended before. */
  static async start({ name, env, say }: RunnerProcessOptions): Promise<RunnerProcess> {
    const child = spawn(process.execPath, [...process.execArgv, programHere()], {
      env: { ...process.env, HOST: '127.0.0.1', PORT: '0', RUNNER_NAME: name, RUNNER_ADDRESS: '127.0.0.1:0', ...env },
      // The channel tells it when this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Not hit by the Ctrl-C that ends this program: it is told to end in its turn.
      detached: true,
    })
    const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? `exit code ${code}`))
    const url = new Promise<string>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        linesOf(stream, (line) => {
          const [, found] = ready.exec(line) ?? []
          if (found === undefined) say(line)
          else resolve(found)
        })
      }
    })
    const first = await Promise.race([url, ended.then((how) => ({ how }))])
    if (typeof first === 'string') return new RunnerProcess(child, { name, url: first, ended })
    throw new RunnerDidNotStart(`Runner ${name} did not start: ${first.how}.`)
  }

  /** Asks it to hand over its shards and end; ends it when that takes too long. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.kill(), goodbyeMs)
    await this.ended
    clearTimeout(timer)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

/** A process ended before it was ready; what it said was passed on. */
export class RunnerDidNotStart extends Error {
  override readonly name = 'RunnerDidNotStart'
}

function programHere(): string {
  const [source = '', built = ''] = program
  return import.meta.url.endsWith('.ts') ? source : built
}

function linesOf(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface(stream).on('line', take)
}
