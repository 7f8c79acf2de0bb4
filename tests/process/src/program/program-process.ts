import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { diesWithUs, isGone } from './reaper.ts'
import type { Answer } from './serve.ts'

/** A program of the tests that did not do what it was told. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed'
  /** Of the error in that process, if it was one of Cruster's. */
  readonly code: string | undefined
  readonly outcome: string | undefined

  constructor(message: string, { code, outcome }: { readonly code?: string; readonly outcome?: string } = {}) {
    super(message)
    this.code = code
    this.outcome = outcome
  }
}

interface Asked {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: ProgramFailed) => void
}

/** How much of what a program printed is kept, in characters. */
const keptOutput = 400_000

/**
 * A program in a process of its own, started from its sources, which does what it is told over a channel. It does not
 * outlive this process.
 */
export class ProgramProcess implements AsyncDisposable {
  readonly name: string
  /** How it ended: the name of a signal, or an exit code. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess
  readonly #asked = new Map<number, Asked>()
  #output = ''
  #orders = 0
  #isEnded = false

  private constructor(name: string, child: ChildProcess) {
    this.name = name
    this.#child = child
    const keep = (text: Buffer): void => {
      this.#output = (this.#output + text.toString()).slice(-keptOutput)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('message', (answer: Answer) => this.#hear(answer))
    this.ended = once(child, 'close').then(([code, signal]) => this.#end(String(signal ?? code)))
  }

  /** Starts it and waits until it is ready. Rejects with what it said when it ends before. */
  static async start(name: string, file: URL, settings: object): Promise<ProgramProcess> {
    const args = ['--conditions=@cruster/source', fileURLToPath(file), JSON.stringify(settings)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
    const program = new ProgramProcess(name, child)
    if (child.pid !== undefined) diesWithUs(child.pid)
    await program.ask('ready')
    return program
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** What it has printed, the last part of it. */
  get output(): string {
    return this.#output
  }

  /** Gives an order and waits for its end. A frozen program answers when it goes on. */
  async ask<Result>(order: string, input?: unknown): Promise<Result> {
    if (this.#isEnded) throw new ProgramFailed(`${this.name} has ended.`)
    this.#orders += 1
    const number = this.#orders
    const answer = new Promise((resolve, reject) => this.#asked.set(number, { resolve, reject }))
    this.#child.send({ number, order, input }, () => {})
    return (await answer) as Result
  }

  /** SIGSTOP: it stands still, and its connections with it. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    if (!this.#isEnded) this.#child.kill('SIGKILL')
    await this.ended
  }

  /** SIGTERM. */
  terminate(): void {
    this.#child.kill('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }

  #hear({ number, failure, value }: Answer): void {
    const asked = this.#asked.get(number)
    this.#asked.delete(number)
    if (failure === undefined) asked?.resolve(value)
    else asked?.reject(new ProgramFailed(failure.message, failure))
  }

  #end(how: string): string {
    this.#isEnded = true
    if (this.#child.pid !== undefined) isGone(this.#child.pid)
    const why = new ProgramFailed(`${this.name} ended: ${how}. It said: ${this.#output.slice(-4000)}`)
    for (const { reject } of this.#asked.values()) reject(why)
    this.#asked.clear()
    return how
  }
}
