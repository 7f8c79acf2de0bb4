import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ChessApiClient } from '../chess-api-client.ts'

const main = fileURLToPath(new URL('../../src/cluster/cluster-main.ts', import.meta.url))

/** The cluster as its users start it: one command, several processes. */
export class ClusterProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  #output = ''
  /** Called at each change. */
  readonly #waiting = new Set<() => void>()

  private constructor(args: readonly string[], extra: Readonly<Record<string, string>>) {
    const all = ['--conditions=@cruster/source', main, '--port', '0', ...args]
    const { POSTGRES_URL: _, ETCD_ENDPOINTS: __, ...env } = process.env
    this.#child = spawn(process.execPath, all, { env: { ...env, ...extra } })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
        this.#tell()
      })
    }
    this.#child.once('close', () => this.#tell())
  }

  static async start(...args: readonly string[]): Promise<ClusterProcess> {
    return ClusterProcess.startWith({}, ...args)
  }

  /** With more in its environment. */
  static async startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<ClusterProcess> {
    const cluster = new ClusterProcess(args, env)
    await cluster.until(/^Chess is ready: /m)
    return cluster
  }

  get output(): string {
    return this.#output
  }

  get url(): string {
    return /^Chess is ready: (\S+)$/m.exec(this.#output)?.[1] ?? ''
  }

  get api(): ChessApiClient {
    return new ChessApiClient(this.url)
  }

  /** Process id of the latest life of a runner. */
  pidOf(name: string): number {
    const lives = [...this.#output.matchAll(/^runner (\w+) is ready: \S+, pid (\d+)$/gm)]
    return Number(lives.findLast(([, runner]) => runner === name)?.[2])
  }

  /** Own address of the latest life of a runner. */
  urlOf(name: string): string {
    const lives = [...this.#output.matchAll(/^runner (\w+) is ready: (\S+), pid \d+$/gm)]
    return lives.findLast(([, runner]) => runner === name)?.[2] ?? ''
  }

  /** Waits until it has said something. */
  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#output)) {
      if (this.#child.exitCode !== null) throw new Error(`The cluster has ended:\n${this.#output}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Sends a signal to the command and answers its exit code; null when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close')
    return this.#child.exitCode
  }

  #tell(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGTERM')
  }
}
