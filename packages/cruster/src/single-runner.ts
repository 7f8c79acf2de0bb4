import { join } from 'node:path'
import type { Clock, ClusterSettings, Logger, Storage } from '@cruster/core/ports'
import { SystemClock, createConsoleLogger } from '@cruster/core'
import { MemoryCluster, MemoryDiscovery } from '@cruster/core/memory'
import type { Provided, RunnerStartOptions } from '@cruster/sharding'
import { Runner, clusterSettings } from '@cruster/sharding'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { SettingsFile } from './settings-file.ts'

/** How a runner that is alone is started. */
export interface SingleRunnerOptions extends Omit<
  RunnerStartOptions,
  'storage' | 'discovery' | 'transport' | 'address' | 'weight' | 'zone'
> {
  /** Folder of the embedded database. Default `./.cruster`. It belongs to one process at a time. */
  readonly dataDir?: string
  /** Another storage than the embedded one. */
  readonly storage?: Provided<Storage>
}

const defaultDataDir = './.cruster'

/** Nobody else could take over: the lease of a runner that is alone needs no end. */
const leaseTtlMs = 365 * 24 * 3_600_000

/** A cluster of one, embedded in this process: durable, and without any server. */
export const SingleRunner = {
  /**
   * Starts a runner that owns everything.
   *
   * @throws ConfigError when another process has the folder, or an option cannot work.
   */
  async start(options: SingleRunnerOptions = {}): Promise<Runner> {
    const clock = options.clock ?? new SystemClock()
    const logger = options.logger ?? createConsoleLogger({ level: 'warn' })
    const storage = await openStorage(options, { clock, logger })
    const isOurs = typeof options.storage !== 'object'
    try {
      const cluster = await openCluster(options, clock, storage)
      return await Runner.start({
        ...options,
        clock,
        logger,
        storage: isOurs ? async () => storage : storage,
        discovery: async () => new MemoryDiscovery(cluster),
        address: 'embedded:0',
      })
    } catch (error) {
      if (isOurs) await storage[Symbol.asyncDispose]()
      throw error
    }
  },
}

/** The registry of a cluster of one. It goes on from the last epoch, and from the settings that the folder began with. */
async function openCluster(options: SingleRunnerOptions, clock: Clock, storage: Storage): Promise<MemoryCluster> {
  const afterEpoch = await storage.newestEpoch()
  const settings = options.storage === undefined ? await keptSettings(options) : undefined
  return new MemoryCluster({ clock, leaseTtlMs, afterEpoch, settings })
}

async function keptSettings({ dataDir = defaultDataDir, config }: SingleRunnerOptions): Promise<ClusterSettings> {
  const file = new SettingsFile(dataDir)
  const kept = await file.read()
  if (kept !== undefined) return kept
  const settings = clusterSettings(config)
  await file.write(settings)
  return settings
}

async function openStorage(
  { storage, dataDir = defaultDataDir }: SingleRunnerOptions,
  ambience: { readonly clock: Clock; readonly logger: Logger },
): Promise<Storage> {
  if (storage === undefined) return openSqliteStorage({ file: join(dataDir, 'cruster.db'), ...ambience })
  return typeof storage === 'function' ? storage() : storage
}
