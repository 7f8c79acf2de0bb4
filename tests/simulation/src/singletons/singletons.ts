import type { SqlTransaction } from '@cruster/core/ports'
import { defineCron, defineSingleton } from '@cruster/singleton'
import type { CronImplementation, SingletonContext, SingletonImplementation } from '@cruster/singleton'
import { Dice } from '@cruster/testing'
import type { Surroundings } from './surroundings.ts'

/** Tables of what was accepted. */
export const singletonTables: readonly string[] = [
  'create table if not exists writes (id integer primary key, run text not null, epoch integer not null)',
  'create table if not exists fires (id integer primary key, scheduled_at integer not null)',
]

/** How a run behaves, towards its signal and else. */
const manners = ['polite', 'slow to stop', 'deaf', 'throws', 'ends'] as const
type Manner = (typeof manners)[number]

/** Writes as long as it is told to, and now and then longer. Each run has its own name. */
export function writer(seed: number, surroundings: Surroundings): SingletonImplementation {
  const dice = new Dice(seed).named('singleton')
  let runs = 0
  const backoff = { initial: '50ms', maximum: '1s' } as const
  return defineSingleton('writer', { stopWithin: '700ms', restartAfter: '100ms', backoff }, async (context) => {
    runs += 1
    const run = { name: `run ${runs}`, manner: dice.pick(manners), dice: dice.named(String(runs)) }
    await write(context, run, surroundings)
  })
}

interface Run {
  readonly name: string
  readonly manner: Manner
  readonly dice: Dice
}

async function write(context: SingletonContext, run: Run, surroundings: Surroundings): Promise<void> {
  const { signal, tx, epoch } = context
  const { name, manner, dice } = run
  const mostWrites = manner === 'throws' || manner === 'ends' ? dice.whole(0, 4) : Infinity
  for (let writes = 0; writes < mostWrites && !isOver(signal, manner, dice); writes += 1) {
    await tx(async (sql) => {
      await sql.query`insert into writes (run, epoch) values (${name}, ${epoch})`
      // A transaction that is open when the shard moves.
      if (dice.chance(0.2)) await surroundings.sleep(dice.whole(1, 900))
    })
    await surroundings.sleep(dice.whole(5, 200))
  }
  if (manner === 'throws') throw new RangeError('a run that throws')
}

function isOver(signal: AbortSignal, manner: Manner, dice: Dice): boolean {
  if (!signal.aborted || manner === 'deaf') return false
  return manner !== 'slow to stop' || dice.chance(0.2)
}

/** Every second, each exactly once in effect. */
export const everySecond: CronImplementation = defineCron(
  'every-second',
  { schedule: '* * * * * *', overlap: 'queue', retry: { attempts: Infinity, initial: '100ms', maximum: '1s' } },
  async ({ tx, scheduledAt }) => fire(tx, scheduledAt.getTime()),
)

async function fire(tx: SqlTransaction, time: number): Promise<void> {
  await tx.query`insert into fires (scheduled_at) values (${time})`
}
