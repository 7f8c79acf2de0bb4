import { setTimeout as sleep } from 'node:timers/promises'
import { createConsoleLogger } from '@cruster/core'
import { etcdDiscovery } from '@cruster/discovery-etcd'
import { ClusterClient } from '@cruster/sharding'
import { EtcdServer, startPostgres } from '@cruster/testing/servers'
import { grpcTransport } from '@cruster/transport-grpc'
import { queryOnce } from '../../process/src/cluster/applied.ts'
import { ProgramProcess } from '../../process/src/program/program-process.ts'
import { audit } from './audit.ts'
import { Load } from './load.ts'
import { clusterConfig, prefix, type RunnerPlace } from './place.ts'

export interface KillOptions {
  /** How often a runner gets SIGKILL. */
  readonly kills: number
  readonly runners: number
  /** Sets of executions, one of each kind, that are started for each kill. */
  readonly perKill: number
  readonly print: (line: string) => void
}

export interface KillReport {
  readonly kills: number
  readonly executions: number
  readonly effects: number
  readonly seconds: number
  readonly wrong: readonly string[]
}

const program = new URL('runner-program.ts', import.meta.url)

/** How long all executions may take to end after the last kill. */
const endMs = 60_000

/** Kills runners, one after the other, under a mixed load of workflows, and audits what they did. */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const begunAt = performance.now()
  await using postgres = await startPostgres()
  await using etcd = await EtcdServer.start()
  await queryOnce(postgres.url, 'create table public.effects (execution text not null, step text not null)')
  await using runners = new Runners({ postgresUrl: postgres.url, etcdEndpoint: etcd.endpoint })
  await runners.start(options.runners)
  await using client = await connect(etcd.endpoint)
  const load = new Load(client)
  await killOverAndOver(options, runners, load)
  const executions = await load.finish(AbortSignal.timeout(endMs))
  const rows = await queryOnce<{ execution: string; step: string }>(postgres.url, 'select execution, step from effects')
  const wrong = audit(
    executions,
    rows.map(({ execution, step }) => `${execution}: ${step}`),
  )
  const seconds = Math.round((performance.now() - begunAt) / 1000)
  return { kills: options.kills, executions: executions.length, effects: rows.length, seconds, wrong }
}

async function killOverAndOver({ kills, perKill, print }: KillOptions, runners: Runners, load: Load): Promise<void> {
  for (let kill = 1; kill <= kills; kill++) {
    for (let set = 0; set < perKill; set++) load.startOneEach()
    // At a random moment of what was just started.
    await sleep(Math.random() * 400)
    await runners.replaceOne()
    if (kill % 10 === 0 || kill === kills)
      print(`${kill} of ${kills} kills, ${load.ended} of ${load.started} executions ended`)
  }
}

/** Runners in processes of their own, which die and are replaced. */
class Runners implements AsyncDisposable {
  readonly #place: RunnerPlace
  readonly #processes: ProgramProcess[] = []
  #started = 0

  constructor(place: RunnerPlace) {
    this.#place = place
  }

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#startOne()))
  }

  /** SIGKILL to one of them, and another one in its place. */
  async replaceOne(): Promise<void> {
    const [victim] = this.#processes.splice(Math.floor(Math.random() * this.#processes.length), 1)
    await victim?.kill()
    await this.#startOne()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.splice(0).map((process) => process.kill()))
  }

  async #startOne(): Promise<void> {
    this.#started += 1
    this.#processes.push(await ProgramProcess.start(`runner ${this.#started}`, program, this.#place))
  }
}

function connect(etcdEndpoint: string): Promise<ClusterClient> {
  const logger = createConsoleLogger({ level: 'error' })
  return ClusterClient.connect({
    logger,
    config: clusterConfig,
    discovery: etcdDiscovery({ endpoints: [etcdEndpoint], prefix, logger }),
    transport: grpcTransport({ logger }),
  })
}
