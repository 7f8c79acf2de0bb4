import { ConfigError, SystemClock, SystemRandom, createConsoleLogger, noMetrics, noTracer } from '@cruster/core'
import type { ClusterSettings, Discovery, Transport } from '@cruster/core/ports'
import { placement } from './calling.ts'
import type { RunnerConfig } from './runner-config.ts'
import { runnerConfig } from './runner-config.ts'
import type { Services } from './services.ts'
import type { RunnerStartOptions } from './start-options.ts'
import { provide } from './start-options.ts'

/** Everything outside of a runner, opened. */
export interface World {
  readonly services: Services
  readonly discovery: Discovery
  readonly transport: Transport | undefined
  /** Closes what was opened here, and nothing else. */
  close(): Promise<void>
}

/** @throws ConfigError for options that cannot work, and whatever the parts reject with; then nothing stays open. */
export async function openWorld(options: RunnerStartOptions): Promise<World> {
  const config = runnerConfig(options.config)
  checkOptions(options)
  const opened: AsyncDisposable[] = []
  const open = async <Part extends AsyncDisposable>(provided: Part | (() => Promise<Part>)): Promise<Part> => {
    const { part, isOurs } = await provide(provided)
    if (isOurs) opened.push(part)
    return part
  }
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part[Symbol.asyncDispose]()
  }
  try {
    const storage = await open(options.storage)
    const discovery = await open(options.discovery)
    const transport = options.transport === undefined ? undefined : await open(options.transport)
    await agree(discovery, config)
    return { services: { ...ambience(options), storage, config }, discovery, transport, close }
  } catch (error) {
    await close()
    throw error
  }
}

function ambience(options: RunnerStartOptions): Omit<Services, 'storage' | 'config'> {
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

/** With other settings ids would live elsewhere: joining would split the cluster. */
async function agree(discovery: Discovery, config: RunnerConfig): Promise<void> {
  const settings: ClusterSettings = { ...placement(config) }
  const result = await discovery.agree(settings)
  if (result.kind === 'agreed') return
  const { setting, cluster } = result
  throw new ConfigError(
    `This cluster runs with ${setting} = ${cluster ?? 'nothing'}, this runner was started with ${settings[setting] ?? 'nothing'}. ` +
      'All members must agree: start it with the same value, or give it a cluster of its own.',
  )
}
