import { ConfigError, SystemClock, SystemRandom, createConsoleLogger, noMetrics, noTracer } from '@cruster/core'
import type { ClusterSettings, Discovery, Storage, Transport } from '@cruster/core/ports'
import { placement } from './calling.ts'
import type { RunnerConfig, RunnerOptions } from './runner-config.ts'
import { runnerConfig } from './runner-config.ts'
import type { Services } from './services.ts'
import type { Provided, RunnerStartOptions, SurroundingsOptions } from './start-options.ts'
import { provide } from './start-options.ts'

/** What runners and clients have in common of the world outside of them, opened. */
export interface Surroundings {
  readonly services: Omit<Services, 'storage'>
  readonly discovery: Discovery
  readonly transport: Transport | undefined
  /** Closes what was opened here, and nothing else. */
  close(): Promise<void>
}

/** The world of a runner. */
export interface World extends Surroundings {
  readonly services: Services
}

/** @throws ConfigError for options that cannot work, and whatever the parts reject with; then nothing stays open. */
export async function openWorld(options: RunnerStartOptions): Promise<World> {
  checkOptions(options)
  const parts = new OpenedParts()
  try {
    const storage: Storage = await parts.open(options.storage)
    const surroundings = await openSurroundings(options, parts)
    return { ...surroundings, services: { ...surroundings.services, storage } }
  } catch (error) {
    await parts.close()
    throw error
  }
}

/** As {@link openWorld}, without storage. */
export async function openSurroundings(options: SurroundingsOptions, parts = new OpenedParts()): Promise<Surroundings> {
  const config = runnerConfig(options.config)
  try {
    const discovery = await parts.open(options.discovery)
    const transport = options.transport === undefined ? undefined : await parts.open(options.transport)
    await agree(discovery, config)
    return { services: { ...ambience(options), config }, discovery, transport, close: () => parts.close() }
  } catch (error) {
    await parts.close()
    throw error
  }
}

/** Parts that were opened here and have to be closed here, last first. */
class OpenedParts {
  readonly #parts: AsyncDisposable[] = []

  async open<Part extends AsyncDisposable>(provided: Provided<Part>): Promise<Part> {
    const { part, isOurs } = await provide(provided)
    if (isOurs) this.#parts.push(part)
    return part
  }

  async close(): Promise<void> {
    for (const part of this.#parts.splice(0).toReversed()) await part[Symbol.asyncDispose]()
  }
}

function ambience(options: SurroundingsOptions): Omit<Services, 'storage' | 'config'> {
  return {
    clock: options.clock ?? new SystemClock(),
    random: options.random ?? new SystemRandom(),
    log: options.logger ?? createConsoleLogger({ level: 'warn' }),
    metrics: options.metrics ?? noMetrics,
    tracer: options.tracer ?? noTracer,
  }
}

function checkOptions({ weight = 1, address }: RunnerStartOptions): void {
  if (!Number.isInteger(weight) || weight < 0) {
    throw new ConfigError(`weight must be a whole number from 0; it is ${weight}.`)
  }
  if (address !== undefined && !/^.+:\d+$/u.test(address)) {
    throw new ConfigError(`address must be host:port, for example 10.0.0.1:9000; it is "${address}".`)
  }
}

/**
 * The settings on which a cluster has to agree, as a runner with these options proposes them.
 *
 * @throws ConfigError when an option cannot work.
 */
export function clusterSettings(options?: RunnerOptions): ClusterSettings {
  return settingsOf(runnerConfig(options))
}

function settingsOf(config: RunnerConfig): ClusterSettings {
  return { ...placement(config) }
}

/** With other settings ids would live elsewhere: joining would split the cluster. */
async function agree(discovery: Discovery, config: RunnerConfig): Promise<void> {
  const settings = settingsOf(config)
  const result = await discovery.agree(settings)
  if (result.kind === 'agreed') return
  const { setting, cluster } = result
  throw new ConfigError(
    `This cluster runs with ${setting} = ${cluster ?? 'nothing'}, and this process was started with ` +
      `${settings[setting] ?? 'nothing'}. All members must agree: start it with the same value, or give it a cluster of its own.`,
  )
}
