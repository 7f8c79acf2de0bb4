import { TcpProxy } from '@cruster/testing'
import { ProgramProcess } from '../program/program-process.ts'
import type { CallOrder, RunnerSettings, RunnerStatus } from './runner-settings.ts'

const program = new URL('runner-program.ts', import.meta.url)

/** A runner in a process of its own. It reaches PostgreSQL and etcd through proxies that are its alone. */
export class RunnerProcess implements AsyncDisposable {
  readonly name: string
  /** Between it and PostgreSQL. */
  readonly postgres: TcpProxy
  /** Between it and etcd. */
  readonly etcd: TcpProxy
  readonly #process: ProgramProcess

  private constructor(process: ProgramProcess, { postgres, etcd }: Pick<RunnerProcess, 'postgres' | 'etcd'>) {
    this.name = process.name
    this.postgres = postgres
    this.etcd = etcd
    this.#process = process
  }

  /** Resolves when it has joined the cluster. Rejects with what it said when it could not. */
  static async start(settings: RunnerSettings): Promise<RunnerProcess> {
    const proxies = {
      postgres: await TcpProxy.start(placeOf(settings.postgresUrl)),
      etcd: await TcpProxy.start(placeOf(settings.etcdEndpoint)),
    }
    try {
      const process = await ProgramProcess.start(settings.name, program, {
        ...settings,
        postgresUrl: through(proxies.postgres, settings.postgresUrl),
        etcdEndpoint: through(proxies.etcd, settings.etcdEndpoint),
      })
      return new RunnerProcess(process, proxies)
    } catch (error) {
      await proxies.postgres[Symbol.asyncDispose]()
      await proxies.etcd[Symbol.asyncDispose]()
      throw error
    }
  }

  get pid(): number {
    return this.#process.pid
  }

  get isEnded(): boolean {
    return this.#process.isEnded
  }

  /** How it ended: the name of a signal, or an exit code. */
  get ended(): Promise<string> {
    return this.#process.ended
  }

  /** What it has logged, the last part of it. */
  get output(): string {
    return this.#process.output
  }

  status(): Promise<RunnerStatus> {
    return this.#process.ask<RunnerStatus>('status')
  }

  /** Calls a counter as a client of this runner. Rejects with ProgramFailed, which has the code of the error. */
  call<Result>(call: CallOrder): Promise<Result> {
    return this.#process.ask<Result>('call', call)
  }

  /** Sends a counter a stored message whose handler takes so long. */
  notify(id: string, operation: string, ms = 0): Promise<void> {
    return this.#process.ask('notify', { id, operation, ms })
  }

  /** SIGSTOP: it stands still, and its connections with it. */
  freeze(): void {
    this.#process.freeze()
  }

  /** SIGCONT. */
  thaw(): void {
    this.#process.thaw()
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.#process.kill()
  }

  /** SIGTERM: it hands its shards over and ends. */
  async leave(): Promise<void> {
    this.#process.terminate()
    await this.#process.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill()
    await this.postgres[Symbol.asyncDispose]()
    await this.etcd[Symbol.asyncDispose]()
  }
}

/** Where a URL leads to. */
export function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

/** The same URL, over a proxy. */
export function through({ host, port }: TcpProxy, url: string): string {
  const changed = new URL(url)
  changed.host = `${host}:${port}`
  return changed.href.replace(/\/$/, '')
}
