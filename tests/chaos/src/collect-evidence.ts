import { setTimeout as sleep } from 'node:timers/promises'
import { silentLogger } from '@cruster/core'
import { ClusterClient } from '@cruster/sharding'
import { grpcTransport } from '@cruster/transport-grpc'
import type { Evidence } from './audit/audit.ts'
import type { Journal } from './audit/journal.ts'
import { Account, Tally, accountIds } from './bank/contract.ts'
import { readBooks, type Books } from './bank/ledger.ts'
import type { OpenWorld } from './open-world.ts'
import { lines, surroundings } from './process/surroundings.ts'

/** How long everything that is stored may take to be delivered when nothing is in the way any more. */
const deliveryMs = 60_000

/** Asks everybody, when the weather has cleared up and the clients have finished. */
export async function collectEvidence(world: OpenWorld, journal: Journal, accounts: number): Promise<Evidence> {
  const books = await deliveredBooks(world.postgresUrl)
  const quiet = { ...surroundings(world.etcd.endpoint), logger: silentLogger }
  const client = await ClusterClient.connect({ ...quiet, transport: grpcTransport(lines) })
  try {
    const balances = new Map<string, number>()
    for (const id of accountIds(accounts)) balances.set(id, await client.client(Account).get(id).balance())
    const tallies = []
    for (const [id, bounds] of journal.tallies) {
      tallies.push({ id, bounds, count: await client.client(Tally).get(id).read() })
    }
    const { entries, late, wrong } = journal
    return { entries: entries.values(), books, balances, tallies, late, wrong }
  } finally {
    await client[Symbol.asyncDispose]()
  }
}

async function deliveredBooks(url: string): Promise<Books> {
  const until = performance.now() + deliveryMs
  for (;;) {
    const books = await readBooks(url)
    if (books.pending === 0 || performance.now() > until) return books
    await sleep(200)
  }
}
