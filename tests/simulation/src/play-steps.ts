import type { AnyEntity, CallOptions, EntityMethods, EntityClient, ScheduledMessage } from '@cruster/core'
import type { Simulation } from '@cruster/testing'
import { Account, Counter, Inbox, Ledger, Queue, Register } from './entities.ts'
import type { Step } from './scenario.ts'

const contracts: Readonly<Record<string, AnyEntity>> = { Account, Counter, Inbox, Ledger, Queue, Register }

type Methods = Readonly<Record<string, (input: unknown, options?: CallOptions) => unknown>>

/** Does every step at its time. Resolves when all have ended, however they ended. */
export async function playSteps(simulation: Simulation, steps: readonly Step[]): Promise<void> {
  const endsAt = Math.max(...steps.map(({ atMs }) => atMs), 0) + readForMs
  await Promise.all(steps.map((step) => playStep(simulation, step, endsAt)))
}

/** Streams are read for so long after the last step. */
const readForMs = 1000

async function playStep(simulation: Simulation, step: Step, endsAt: number): Promise<void> {
  await simulation.sleep(step.atMs)
  const contract = contracts[step.type]
  if (contract === undefined) return
  try {
    const client = simulation.client(contract, step.from)
    await perform(simulation, client, { step, endsAt })
  } catch {
    // What callers see is in the history.
  }
}

async function perform(
  simulation: Simulation,
  client: EntityClient<EntityMethods<AnyEntity>>,
  { step, endsAt }: { readonly step: Step; readonly endsAt: number },
): Promise<void> {
  const { how, id, method, input } = step
  const options = {
    ...(step.key === undefined ? {} : { idempotencyKey: step.key }),
    ...(step.timeoutMs === undefined ? {} : { timeout: step.timeoutMs }),
  }
  const handle = (methods: unknown, more: CallOptions = {}): unknown =>
    (methods as Methods)[method]?.(input, { ...options, ...more })
  if (how === 'call') await handle(client.get(id))
  else if (how === 'notify') await handle(client.notify(id))
  else if (how === 'stream') await read(simulation, (signal) => handle(client.get(id), { signal }), endsAt)
  else {
    const scheduled = (await handle(client.schedule(id, { after: step.afterMs ?? 0 }))) as ScheduledMessage
    if (step.cancelAfterMs === undefined) return
    await simulation.sleep(step.cancelAfterMs)
    await client.cancel(id, scheduled.id)
  }
}

async function read(simulation: Simulation, open: (signal: AbortSignal) => unknown, endsAt: number): Promise<void> {
  const over = new AbortController()
  void simulation.sleep(Math.max(0, endsAt - simulation.nowMs)).then(() => over.abort())
  const values = open(over.signal) as AsyncIterable<unknown>
  for await (const value of values) void value
}
