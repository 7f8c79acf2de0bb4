import { parseDuration } from '@cruster/core'
import { MemoryCluster, MemoryLogger, MemoryNetwork, VirtualClock } from '@cruster/core/memory'
import type { Clock, Storage } from '@cruster/core/ports'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { Partitions } from '../cluster/partitions.ts'
import type { ProcessPorts, Surround, TestWorld } from '../cluster/test-world.ts'
import { AuditedStorage } from './audited-storage.ts'
import { Dice } from './dice.ts'
import type { LatencyProfile } from './latency.ts'
import { Latency } from './latency.ts'
import { OwnershipAudit } from './ownership-audit.ts'
import type { SimulateOptions } from './simulation-options.ts'
import { simulatedConfig } from './simulation-options.ts'
import { SimulationTrace } from './simulation-trace.ts'
import { SkewedClock } from './skewed-clock.ts'
import { UnsteadyDiscovery } from './unsteady-discovery.ts'
import { UnsteadyNetwork } from './unsteady-network.ts'
import { UnsteadyStorage } from './unsteady-storage.ts'

/** What all processes of a simulation share. */
export interface SimulatedWorld extends TestWorld {
  readonly clock: VirtualClock
  readonly surround: Surround
  readonly dice: Dice
  readonly trace: SimulationTrace
  readonly audit: OwnershipAudit
  readonly weather: Weather
  readonly leaseTtlMs: number
}

/** What is unsteady everywhere, for as long as it is on. */
export class Weather {
  /** False: single requests and lines do not fail by themselves. */
  isRough = false
  /** How often a single request fails while it is. */
  readonly #roughness: number
  readonly #skews = new Map<string, number>()

  constructor(roughness: number) {
    this.#roughness = roughness
  }

  get errorRate(): number {
    return this.isRough ? this.#roughness : 0
  }

  get lineBreakRate(): number {
    return this.isRough ? 0.004 : 0
  }

  skewMs(name: string): number {
    return this.#skews.get(name) ?? 0
  }

  jump(name: string, byMs: number): void {
    this.#skews.set(name, this.skewMs(name) + byMs)
  }
}

/** A storage that is quick, one that is busy, and one that is overloaded. */
const storageLatencies: readonly [LatencyProfile, ...LatencyProfile[]] = [
  { usualMs: 3, slowMs: 400, slowRate: 0.01 },
  { usualMs: 15, slowMs: 600, slowRate: 0.02 },
  { usualMs: 50, slowMs: 1200, slowRate: 0.05 },
]
const networkLatency: LatencyProfile = { usualMs: 2, slowMs: 150, slowRate: 0.01 }
const registryLatency: LatencyProfile = { usualMs: 5, slowMs: 600, slowRate: 0.02 }

export async function openSimulatedWorld(options: SimulateOptions): Promise<SimulatedWorld> {
  const clock = new VirtualClock()
  const dice = new Dice(options.seed)
  const trace = new SimulationTrace(clock)
  const audit = new OwnershipAudit(trace)
  const weather = new Weather(dice.named('weather').pick([0.002, 0.02, 0.1]))
  const leaseTtlMs = parseDuration(options.leaseTtl ?? '3s', 'leaseTtl')
  const storage = await openStorage(options, clock)
  const network = new MemoryNetwork({
    clock,
    keepAliveMs: 2000,
    connectTimeoutMs: 1000,
    faults: new UnsteadyNetwork(
      new Latency(clock, dice.named('network'), networkLatency),
      dice.named('lines'),
      () => weather.lineBreakRate,
    ),
  })
  let processes = 0
  return {
    clock,
    dice,
    trace,
    audit,
    weather,
    leaseTtlMs,
    storage,
    network,
    logger: new MemoryLogger(),
    registry: new MemoryCluster({ clock, leaseTtlMs, afterEpoch: await storage.newestEpoch() }),
    partitions: new Partitions(network),
    register: options.register,
    config: { ...simulatedConfig, ...options.config },
    surround: surround({ clock, dice, audit, weather, trace }, options),
    nextSeed: () => options.seed * 1009 + processes++,
  }
}

async function openStorage({ storage }: SimulateOptions, clock: Clock): Promise<Storage> {
  return storage === undefined ? openSqliteStorage({ file: ':memory:', clock }) : storage(clock)
}

function surround(
  { clock, dice, audit, weather, trace }: Pick<SimulatedWorld, 'clock' | 'dice' | 'audit' | 'weather' | 'trace'>,
  { sabotage, seed }: SimulateOptions,
): Surround {
  const isSkewed = seed % 2 === 1
  const storageLatency = dice.named('storage').pick(storageLatencies)
  const lives = new Map<string, number>()
  const skewDice = dice.named('skew')
  return {
    storage(name, storage) {
      const life = (lives.get(name) ?? 0) + 1
      lives.set(name, life)
      return new AuditedStorage(storage, audit, life === 1 ? name : `${name} (${life})`)
    },
    ports(name, ports) {
      const own = dice.named(`${name} ${lives.get(name) ?? 0}`)
      if (isSkewed && weather.skewMs(name) === 0) weather.jump(name, skewDice.between(-2000, 2000))
      const steadiness = (what: string, profile: LatencyProfile) => ({
        latency: new Latency(clock, own.named(`${what} latency`), profile),
        dice: own.named(`${what} errors`),
        errorRate: () => weather.errorRate,
        lost: (message: 'request' | 'answer') => {
          trace.add(
            `${message === 'request' ? `a request of ${name} to` : `an answer to ${name} from`} ${what} is lost`,
          )
        },
      })
      const changed: ProcessPorts = {
        clock: new SkewedClock(ports.clock, () => weather.skewMs(name)),
        storage: new UnsteadyStorage(ports.storage, steadiness('storage', storageLatency)),
        discovery: new UnsteadyDiscovery(ports.discovery, steadiness('the registry', registryLatency)),
        transport: ports.transport,
      }
      return sabotage?.(name, changed) ?? changed
    },
  }
}
