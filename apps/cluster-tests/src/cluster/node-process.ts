import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** How a node is started. */
export interface NodeOptions {
  readonly env: Readonly<Record<string, string>>
  /** Gets what the node says, line by line. */
  readonly say: (line: string) => void
}

const ready = /^cluster-tests is ready: (http:\/\/\S+)$/u

/** How long a node may take to hand over what it has; then it is ended. */
const goodbyeMs = 20_000

/** A node ended before it was ready; what it said was passed on. */
export class NodeDidNotStart extends Error {
  override readonly name = 'NodeDidNotStart'
}

/** One node of the cluster, in a process of its own. It ends with this one, however this one ends. */
export class NodeProcess implements AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly pid: number
  /** Resolves with how it ended: its exit code, or the name of a signal. */
  readonly ended: Promise<number | string>
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string, ended: Promise<number | string>) {
    this.#child = child
    this.url = url
    this.ended = ended
    this.pid = child.pid ?? 0
  }

  /** Resolves when it serves requests. @throws NodeDidNotStart */
  static async start({ env, say }: NodeOptions): Promise<NodeProcess> {
    const child = spawn(process.execPath, program, {
      env: { ...process.env, ...env },
      // The channel tells it when this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Not hit by the Ctrl-C that ends this program: it is told to end in its turn.
      detached: true,
    })
    const ended = once(child, 'exit').then(howItEnded)
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
    if (typeof first === 'string') return new NodeProcess(child, first, ended)
    throw new NodeDidNotStart(`A node did not start: ${first.how}.`)
  }

  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  /** Asks it to hand over its shards and end; ends it when that takes too long. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGTERM')
    const timer = setTimeout(() => this.signal('SIGKILL'), goodbyeMs)
    await this.ended
    clearTimeout(timer)
  }
}

function howItEnded([code, signal]: readonly unknown[]): number | string {
  return typeof signal === 'string' ? signal : Number(code)
}

/** The sources of the program that a node is. */
const program = ['--conditions=@cruster/source', fileURLToPath(new URL('../main.ts', import.meta.url))]

function linesOf(stream: Readable | null, take: (line: string) => void): void {
  if (stream !== null) createInterface(stream).on('line', take)
}
