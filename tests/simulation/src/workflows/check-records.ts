import { shardId } from '@cruster/core'
import type { Simulation, Violation } from '@cruster/testing'
import type { Ends } from './check-jobs.ts'
import type { JobScenario } from './job-scenario.ts'

const type = 'Workflow/Job'
const limit = 1000
const everyMs = 25

/** Plays, and looks again and again whether some execution could be lost to everybody. Once for each. */
export async function watchRecords(
  simulation: Simulation,
  scenario: JobScenario,
  play: () => Promise<void>,
): Promise<void> {
  const found = new Set<string>()
  const played = new AbortController()
  const watch = async (): Promise<void> => {
    while (!played.signal.aborted) {
      for (const id of await lostOnes(simulation, scenario)) {
        if (!found.has(id)) simulation.report(lost(id))
        found.add(id)
      }
      await simulation.sleep(everyMs)
    }
  }
  const watching = watch()
  await play().finally(() => {
    played.abort()
  })
  await watching
}

/** Executions with a journal, of which there is no record, and no message that brings them back to put it. */
async function lostOnes({ storage }: Simulation, { jobs }: JobScenario): Promise<readonly string[]> {
  const ids = jobs.map(({ plan: { id } }) => id)
  // Asked for at one moment, and answered so: this storage never makes anybody wait.
  const [records, messages, sizes] = await Promise.all([
    storage.executions.list({ type, limit }),
    storage.messages.list({ type, status: 'pending', limit }),
    Promise.all(ids.map((id) => storage.journals.size({ shard: shardId('default', 0), type, id }))),
  ])
  const reachable = new Set([
    ...records.map((each) => each.address.id),
    ...messages.map((each) => each.message.address.id),
  ])
  return ids.filter((id, index) => sizes[index] !== 0 && !reachable.has(id))
}

const lost = (id: string): Violation => ({
  check: 'executions are listed, or a message brings them back',
  message: `${id}: it has a journal, no record, and no pending message`,
  about: `${type}/${id}`,
})

/** Who looks at the list learns how each execution has ended. */
export async function checkRecords(simulation: Simulation, ends: Ends): Promise<readonly Violation[]> {
  const records = await simulation.storage.executions.list({ type, limit })
  const statuses = new Map(records.map(({ address, status }) => [address.id, status]))
  return [...ends].flatMap(([id, { kind }]) => {
    const status = statuses.get(id)
    if (status === kind || kind === 'unknown' || kind === 'running') return []
    const message = `${id}: it is ${kind}, and listed as ${status ?? 'nothing'}`
    return [{ check: 'executions are listed as they ended', message, about: `${type}/${id}` }]
  })
}
