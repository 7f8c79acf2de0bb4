import { setTimeout as sleep } from 'node:timers/promises'
import { TcpProxy } from '@cruster/testing'
import { placeOf, through } from '../../../process/src/runner/runner-process.ts'
import { Child } from '../process/child.ts'
import type { LineKind } from '../faults/fault.ts'
import type { RunnerMessage, RunnerTask } from './runner-message.ts'

export interface BankRunnerOptions {
  readonly name: string
  readonly postgresUrl: string
  readonly etcdEndpoint: string
  readonly log: string
  /** Name of a planted bug. */
  readonly bug: string | undefined
  /** Hears when it ended by itself although it was up: that must not be. */
  readonly onCrash: (text: string) => void
}

const program = new URL('runner-program.ts', import.meta.url)
const plant = new URL('../../../simulation/src/planted/plant.ts', import.meta.url)

/** A runner that told to end takes longer is killed: as systems do that stop programs. */
const goodbyeMs = 15_000

/**
 * One runner of the bank: a process behind proxies, which is started again whenever it ends. Its address stays the same, as
 * that of a machine.
 */
export class BankRunner implements AsyncDisposable {
  readonly name: string
  readonly proxies: Readonly<Record<LineKind, TcpProxy>>
  readonly #options: BankRunnerOptions
  #child: Child | undefined
  #isReady = false
  #isExpectedToEnd = false
  #isDisposed = false
  #pauseMs = 0
  /** The loop that starts it again and again. */
  readonly #life: Promise<void>

  private constructor(options: BankRunnerOptions, proxies: Readonly<Record<LineKind, TcpProxy>>) {
    this.name = options.name
    this.#options = options
    this.proxies = proxies
    this.#life = this.#live()
  }

  static async start(options: BankRunnerOptions): Promise<BankRunner> {
    const nowhere = { host: '127.0.0.1', port: 1 }
    const grpc = await TcpProxy.start(nowhere)
    const postgres = await TcpProxy.start(placeOf(options.postgresUrl))
    const etcd = await TcpProxy.start(placeOf(options.etcdEndpoint))
    return new BankRunner(options, { grpc, postgres, etcd })
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** SIGKILL; it is started again after so long. */
  async killFor(ms: number): Promise<void> {
    this.#pauseMs = ms
    this.#isExpectedToEnd = true
    const child = this.#child
    child?.signal('SIGKILL')
    await child?.ended
    await sleep(ms)
  }

  async freezeFor(ms: number): Promise<void> {
    const child = this.#child
    child?.signal('SIGSTOP')
    await sleep(ms)
    child?.signal('SIGCONT')
  }

  /** It hands over and ends, and is started again; resolves when the new one is up, or after a while. */
  async restart(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#isExpectedToEnd = true
    child.signal('SIGTERM')
    const kill = setTimeout(() => child.signal('SIGKILL'), goodbyeMs)
    await child.ended
    clearTimeout(kill)
    for (let waitedMs = 0; !this.#isReady && waitedMs < goodbyeMs; waitedMs += 50) await sleep(50)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#isExpectedToEnd = true
    this.#child?.signal('SIGKILL')
    await this.#life
    for (const proxy of Object.values(this.proxies)) await proxy[Symbol.asyncDispose]()
  }

  async #live(): Promise<void> {
    while (!this.#isDisposed) {
      this.#isExpectedToEnd = false
      const child = this.#launch()
      this.#child = child
      const how = await child.ended
      const wasReady = this.#isReady
      this.#isReady = false
      if (wasReady && !this.#isExpectedToEnd) this.#options.onCrash(`runner ${this.name} ended by itself: ${how}`)
      // One that could not start tries again as a supervisor lets it: not at once.
      await sleep(wasReady ? this.#pauseMs : Math.max(this.#pauseMs, 500))
      this.#pauseMs = 0
    }
  }

  #launch(): Child {
    const { log, bug } = this.#options
    const { grpc, postgres, etcd } = this.proxies
    const task: RunnerTask = {
      address: `127.0.0.1:${grpc.port}`,
      postgresUrl: through(postgres, this.#options.postgresUrl),
      etcdEndpoint: through(etcd, this.#options.etcdEndpoint),
    }
    return new Child({
      file: program,
      argument: task,
      log,
      ...(bug !== undefined && { nodeOptions: [`--import=${plant.href}`], env: { PLANTED_BUG: bug } }),
      onMessage: (message) => {
        this.#hear(message as RunnerMessage)
      },
    })
  }

  #hear(message: RunnerMessage): void {
    if (message.kind === 'ready') this.#isReady = true
    else this.proxies.grpc.leadTo({ host: '127.0.0.1', port: message.port })
  }
}
