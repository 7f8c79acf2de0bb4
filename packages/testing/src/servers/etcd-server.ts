import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, SystemClock } from '@cruster/core'
import { eventually } from '../eventually.ts'
import { findProgram } from './find-program.ts'
import { freePorts } from './free-port.ts'
import { GuardedProcess } from './guarded-process.ts'

/** How to start an {@link EtcdServer}. */
export interface EtcdServerOptions {
  /** Files for encrypted connections, as PEM. Clients then need a certificate of the same authority. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string }
}

const startMs = 20_000

/**
 * An etcd of one member for one test run, in a folder of its own on free ports, with short elections so that leases of one
 * second are granted. It ends with the process that started it.
 */
export class EtcdServer implements AsyncDisposable {
  readonly endpoint: string
  readonly #folder: string
  readonly #health: string
  readonly #process: GuardedProcess

  private constructor(folder: string, process: GuardedProcess, addresses: Addresses) {
    this.#folder = folder
    this.#process = process
    this.endpoint = addresses.client
    this.#health = `${addresses.metrics}/health`
  }

  /** @throws ConfigError when there is no etcd on this machine; it says where to get one. */
  static async start(options: EtcdServerOptions = {}): Promise<EtcdServer> {
    const program = etcdProgram()
    const [client = 0, peer = 0, metrics = 0] = await freePorts(3)
    const addresses = {
      client: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${client}`,
      peer: `http://127.0.0.1:${peer}`,
      metrics: `http://127.0.0.1:${metrics}`,
    }
    const folder = await mkdtemp(join(tmpdir(), 'cruster-etcd-'))
    const process = new GuardedProcess(folder, [program, ...flags(folder, addresses, options)])
    const server = new EtcdServer(folder, process, addresses)
    await server.restart()
    return server
  }

  /** It stands still, and its connections with it, until it is resumed. */
  pause(): void {
    this.#process.signal('SIGSTOP')
  }

  resume(): void {
    this.#process.signal('SIGCONT')
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    await this.#process.kill()
  }

  /** Starts it after {@link kill}, with the data that it had. */
  async restart(): Promise<void> {
    await this.#process.start()
    try {
      await this.#healthy()
    } catch (cause) {
      const log = await readFile(join(this.#folder, 'log'), 'utf8')
      await this[Symbol.asyncDispose]()
      throw new ConfigError(`etcd did not start. It said: ${log.slice(-2000)}`, { cause })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }

  async #healthy(): Promise<void> {
    const clock = new SystemClock()
    const time = { advance: (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve)) }
    let isHealthy = false
    const ask = async (): Promise<void> => {
      const answer = await fetch(this.#health).catch(() => undefined)
      isHealthy ||= answer?.ok === true
    }
    await eventually(time, 'etcd is healthy', {
      withinMs: startMs,
      holds: () => {
        if (!isHealthy) void ask()
        return isHealthy
      },
    })
  }
}

interface Addresses {
  readonly client: string
  readonly peer: string
  readonly metrics: string
}

function etcdProgram(): string {
  const program = findProgram('etcd')
  if (program !== undefined) return program
  throw new ConfigError(
    'These tests start an etcd of their own, version 3.4 or newer, and there is none on this machine. Put the program `etcd` on ' +
      'the path, for example with `apt-get install etcd-server`. For tests that do not stop it, CRUSTER_TEST_ETCD_URL may ' +
      'name one that runs.',
  )
}

function flags(folder: string, { client, peer, metrics }: Addresses, { tls }: EtcdServerOptions): readonly string[] {
  const encrypted = tls && {
    'cert-file': tls.cert,
    'key-file': tls.key,
    'trusted-ca-file': tls.ca,
    'client-cert-auth': 'true',
  }
  const all = {
    'data-dir': join(folder, 'data'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    'listen-metrics-urls': metrics,
    'heartbeat-interval': '50',
    'election-timeout': '250',
    'log-level': 'error',
    ...encrypted,
  }
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`)
}
