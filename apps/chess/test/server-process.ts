import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ChessApiClient } from './chess-api-client.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ready = /^Chess is ready: (http:\/\/\S+)$/m

/** The server as its users start it: a process of its own, from the sources. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  #output = ''

  private constructor(env: Record<string, string>) {
    const args = ['--conditions=@cruster/source', main]
    this.#child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env } })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    }
  }

  /** Starts a process without waiting for more. */
  static spawn(env: Record<string, string> = {}): ServerProcess {
    return new ServerProcess(env)
  }

  /** Starts a server on a folder and waits until it is ready. */
  static async start(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
    const server = new ServerProcess({ CRUSTER_DATA_DIR: dataDir, ...env })
    while (!ready.test(server.#output)) {
      if (server.#child.exitCode !== null) throw new Error(`The server did not start:\n${server.#output}`)
      await Promise.race([once(server.#child.stdout!, 'data'), once(server.#child, 'exit')])
    }
    return server
  }

  get output(): string {
    return this.#output
  }

  get url(): string {
    return ready.exec(this.#output)?.[1] ?? ''
  }

  get api(): ChessApiClient {
    return new ChessApiClient(this.url)
  }

  /** Sends a signal and answers the exit code; null when the signal ended the process. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return this.exit()
  }

  async exit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close')
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}
