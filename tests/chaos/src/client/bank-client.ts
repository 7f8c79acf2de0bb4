import { Child } from '../process/child.ts'
import type { Journal } from '../audit/journal.ts'
import type { ClientMessage, ClientTask } from './client-message.ts'

export interface BankClientOptions {
  readonly name: string
  readonly seed: number
  readonly etcdEndpoint: string
  readonly accounts: number
  readonly workers: number
  readonly doubles: boolean
  readonly log: string
  readonly journal: Journal
}

const program = new URL('client-program.ts', import.meta.url)

/** One client of the bank: a process that a successor follows when it is killed, and that tells what it does. */
export class BankClient implements AsyncDisposable {
  readonly #options: BankClientOptions
  #generation = 0
  #child: Child
  #isReady = false
  #isFinishing = false
  #isDisposed = false
  readonly #finished = Promise.withResolvers<void>()
  readonly #life: Promise<void>

  constructor(options: BankClientOptions) {
    this.#options = options
    this.#child = this.#launch()
    this.#life = this.#live()
  }

  /** Whether the first process of it has begun. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Resolves when nothing is open any more. */
  get finished(): Promise<void> {
    return this.#finished.promise
  }

  kill(): void {
    this.#child.signal('SIGKILL')
  }

  /** It begins nothing new, and brings to an end what it has begun. */
  finish(): void {
    this.#isFinishing = true
    this.#child.tell({ kind: 'finish' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#child.signal('SIGKILL')
    await this.#life
  }

  async #live(): Promise<void> {
    for (;;) {
      await this.#child.ended
      if (this.#isDisposed || this.#isFinishing) return
      this.#child = this.#launch()
    }
  }

  #launch(): Child {
    const { name, journal, log, ...rest } = this.#options
    const who = `${name}.${++this.#generation}`
    const task: ClientTask = { ...rest, name: who, open: journal.openOf(name) }
    return new Child({
      file: program,
      argument: task,
      log,
      onMessage: (message) => {
        this.#hear(message as ClientMessage)
      },
    })
  }

  #hear(message: ClientMessage): void {
    if (message.kind === 'finished') this.#finished.resolve()
    else if (message.kind === 'ready') this.#begin()
    else this.#options.journal.hear(this.#options.name, message)
  }

  #begin(): void {
    this.#isReady = true
    // The order may have been given while no process was there to hear it.
    if (this.#isFinishing) this.finish()
  }
}
