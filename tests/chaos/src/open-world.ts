import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EtcdServer, startPostgres } from '@cruster/testing/servers'
import type { Journal } from './audit/journal.ts'
import { createLedger } from './bank/ledger.ts'
import { BankClient } from './client/bank-client.ts'
import type { ChaosOptions } from './options.ts'
import { BankRunner } from './runner/bank-runner.ts'
import type { World } from './world.ts'

/** A world, and what is needed to look into it and to end it. */
export interface OpenWorld extends World, AsyncDisposable {
  /** Of the ledger, past all proxies. */
  readonly postgresUrl: string
  /** Where all processes write what they log. */
  readonly logs: string
}

/** How long runners, and then clients, may take to be up. */
const startMs = 60_000

/** Starts the servers, the runners, and, when those are up, the clients. */
export async function openWorld(options: ChaosOptions, journal: Journal): Promise<OpenWorld> {
  // The last one started is the first one ended. Node 22 has no AsyncDisposableStack.
  const parts: AsyncDisposable[] = []
  const keep = <Part extends AsyncDisposable>(part: Part): Part => {
    parts.unshift(part)
    return part
  }
  const close = async (): Promise<void> => {
    for (const part of parts) await part[Symbol.asyncDispose]()
  }
  try {
    return { ...(await openParts(options, journal, keep)), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

type Keep = <Part extends AsyncDisposable>(part: Part) => Part

async function openParts(options: ChaosOptions, journal: Journal, keep: Keep) {
  const logs = mkdtempSync(join(tmpdir(), 'cruster-chaos-'))
  const postgres = keep(await startPostgres({ settings: { max_connections: '300' } }))
  const etcd = keep(await EtcdServer.start())
  await createLedger(postgres.url)
  const places = { postgresUrl: postgres.url, etcdEndpoint: etcd.endpoint, logs }
  const runners = await startRunners(options, places, { journal, keep })
  const clients = numbered(options.clients).map((number) => {
    const { seed, accounts, workers } = options
    const doubles = options.sabotage === 'doubles'
    const common = { name: `c${number}`, etcdEndpoint: etcd.endpoint, seed, accounts, workers, doubles }
    return keep(new BankClient({ ...common, log: join(logs, `client-${number}.log`), journal }))
  })
  await allReady('clients', clients)
  return { runners, clients, etcd, postgres, logs, postgresUrl: postgres.url }
}

async function startRunners(
  options: ChaosOptions,
  places: { readonly postgresUrl: string; readonly etcdEndpoint: string; readonly logs: string },
  { journal, keep }: { readonly journal: Journal; readonly keep: Keep },
): Promise<readonly BankRunner[]> {
  const bug = options.sabotage === 'doubles' ? undefined : options.sabotage
  const onCrash = (text: string): void => void journal.wrong.push(text)
  const starts = numbered(options.runners).map((number) =>
    BankRunner.start({ ...places, name: `${number}`, log: join(places.logs, `runner-${number}.log`), bug, onCrash }),
  )
  const runners = (await Promise.all(starts)).map(keep)
  await allReady('runners', runners)
  return runners
}

const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

async function allReady(what: string, parts: readonly { readonly isReady: boolean }[]): Promise<void> {
  for (let waitedMs = 0; parts.some(({ isReady }) => !isReady); waitedMs += 50) {
    if (waitedMs > startMs) throw new Error(`The ${what} are not up after ${startMs} ms.`)
    await sleep(50)
  }
}
