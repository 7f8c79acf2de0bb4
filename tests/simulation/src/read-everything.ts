import type { Simulation } from '@cruster/testing'
import { Account, Counter, Inbox, Queue, Register } from './entities.ts'

/** Much longer than an entity stays in memory without work. */
const idleMs = 10_000

/** Reads every entity once all is well, and empties the queues: so that nothing that was lost stays unnoticed. */
export async function readEverything(simulation: Simulation): Promise<void> {
  const reads = [
    ...['r1', 'r2'].map((id) => simulation.client(Register).get(id).read()),
    ...['c1', 'c2'].map((id) => simulation.client(Counter).get(id).get()),
    ...['q1', 'q2'].map((id) => empty(simulation, id)),
    ...['i1', 'i2'].map((id) => simulation.client(Inbox).get(id).list()),
    ...['a1', 'a2', 'a3'].map((id) => simulation.client(Account).get(id).balance()),
  ]
  await Promise.all(reads)
  const until = simulation.nowMs + idleMs
  while (simulation.residentEntities > 0 && simulation.nowMs < until) await simulation.sleep(500)
  const left = simulation.residentEntities
  if (left > 0)
    simulation.report({ check: 'nothing is left over', message: `${left} idle entities are still in memory` })
}

async function empty(simulation: Simulation, id: string): Promise<void> {
  const queue = simulation.client(Queue).get(id)
  while ((await queue.dequeue()) !== null);
}
