import type { ScheduleStatus } from '@cruster/singleton'
import type { Simulation, Violation } from '@cruster/testing'
import { rowsOf } from '../sql.ts'

interface Write {
  readonly run: string
  readonly epoch: number
}

/** No two runs wrote in turns, and none under an older ownership than the one before. */
export async function checkWrites({ storage }: Simulation): Promise<readonly Violation[]> {
  const writes = await rowsOf<Write>(storage, 'select run, epoch from writes order by id')
  const begun = new Set<string>()
  const found: Violation[] = []
  for (const [index, { run, epoch }] of writes.entries()) {
    const before = writes[index - 1]
    if (run === before?.run) continue
    const name = 'writes of two runs of a singleton are never accepted in turns'
    if (begun.has(run)) found.push({ check: name, message: `${run} wrote again after ${before?.run}` })
    if (before !== undefined && epoch < before.epoch) {
      found.push({ check: name, message: `epoch ${epoch} wrote after ${before.epoch}` })
    }
    begun.add(run)
  }
  return found
}

/** A cluster without faults has a singleton that writes. */
export async function checkProgress(simulation: Simulation): Promise<readonly Violation[]> {
  const count = async (): Promise<number> => (await rowsOf(simulation.storage, 'select id from writes')).length
  const before = await count()
  await simulation.sleep('8s')
  if ((await count()) > before) return []
  return [{ check: 'a singleton runs when nothing is faulty', message: 'nothing was written for 8 s' }]
}

/** Each second up to the last that was decided has fired exactly once. */
export async function checkFires(
  { storage }: Simulation,
  { decidedUpTo, counts }: ScheduleStatus,
): Promise<readonly Violation[]> {
  const fires = await rowsOf<{ scheduled_at: number }>(storage, 'select scheduled_at from fires order by scheduled_at')
  const times = fires.map(({ scheduled_at: time }) => time)
  // Without a fire, nothing was decided: the schedule began to exist then.
  const [first = decidedUpTo.getTime() + 1000] = times
  const expected = Array.from(
    { length: Math.floor((decidedUpTo.getTime() - first) / 1000) + 1 },
    (_, index) => first + 1000 * index,
  )
  const check = 'each fire of a schedule takes effect exactly once'
  const found: Violation[] = []
  const lost = expected.filter((time) => !times.includes(time))
  const repeated = times.filter((time, index) => time === times[index - 1])
  if (lost.length > 0) found.push({ check, message: `lost: ${lost.join(', ')}` })
  if (repeated.length > 0) found.push({ check, message: `more than once: ${repeated.join(', ')}` })
  if (counts.succeeded !== times.length) {
    found.push({ check, message: `${counts.succeeded} runs are recorded, and ${times.length} took effect` })
  }
  return found
}
