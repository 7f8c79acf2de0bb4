import { setTimeout as pause } from 'node:timers/promises'
import { once } from 'node:events'
import { ClusterClient } from 'cruster'
import { leaseTtlSeconds, surroundings, type ClusterPlace } from '../roles/cluster.ts'
import { startProgram, type Program } from '../roles/program.ts'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'
import { DurableCounter } from './counter.ts'
import { total } from './w3-persisted.ts'

/** Each with a caller of its own, so that a pause of one is not the waiting for another. */
const loadedEntities = 64
const runnerCount = 3

/** One of three runners is stopped, and then one is killed, under load from another process. */
export const w9: FigureWorkload = {
  kind: 'figures',
  id: 'w9',
  title: 'a runner of three is stopped, and one is killed, under load',
  needs: ['postgres', 'etcd'],
  measure: measureRestarts,
}

async function measureRestarts({ etcdUrl = '', postgresUrl = '', seconds }: Environment): Promise<readonly Figure[]> {
  const place: ClusterPlace = { etcdUrl, postgresUrl }
  await using stack = new AsyncDisposableStack()
  const runners: Program[] = []
  for (let index = 0; index < runnerCount; index++) runners.push(stack.use(await startProgram('runner', place)))
  const client = stack.use(await ClusterClient.connect(surroundings(place))).client(DurableCounter)
  const increments = new Increments((id) => client.get(id).increment(1))
  await increments.during(seconds * 1000)
  const calm = increments.finished()

  const stopping = end(runners[0], 'SIGTERM')
  await increments.during(seconds * 1000)
  await stopping
  const stopped = increments.finished()

  stack.use(await startProgram('runner', place))
  await increments.during(seconds * 1000)
  increments.finished()
  const killing = end(runners[1], 'SIGKILL')
  await increments.during((leaseTtlSeconds + seconds) * 1000)
  await killing
  const killed = increments.finished()

  const counted = await total((id) => client.get(id).count())
  return [
    { name: 'longest pause of an entity, calm', value: calm.longestGapMs, unit: 'ms' },
    { name: 'failed calls, one stopped', value: stopped.failed, unit: '', atMost: 0 },
    { name: 'longest pause of an entity, one stopped', value: stopped.longestGapMs, unit: 'ms', atMost: 100 },
    { name: 'failed calls, one killed', value: killed.failed, unit: '', atMost: 0 },
    {
      name: `longest pause of an entity, one killed (lease ${leaseTtlSeconds} s)`,
      value: killed.longestGapMs,
      unit: 'ms',
      atMost: leaseTtlSeconds * 1000 + 500,
    },
    { name: 'acknowledged increments', value: increments.acknowledged, unit: '' },
    { name: 'of them lost or doubled', value: Math.abs(counted - increments.acknowledged), unit: '', atMost: 0 },
  ]
}

async function end(program: Program | undefined, signal: NodeJS.Signals): Promise<void> {
  if (program === undefined) return
  // In the middle of what is measured.
  await pause(500)
  const isOver = once(program.process, 'exit')
  program.process.kill(signal)
  await isOver
}

interface Finding {
  readonly failed: number
  readonly longestGapMs: number
}

/** Increments counters over and over, and looks for how long a counter could not be incremented. */
class Increments {
  readonly #increment: (id: string) => Promise<unknown>
  readonly #lastAt = new Map<string, number>()
  #failed = 0
  #longestGapMs = 0
  acknowledged = 0

  constructor(increment: (id: string) => Promise<unknown>) {
    this.#increment = increment
  }

  async during(ms: number): Promise<void> {
    const until = performance.now() + ms
    const ids = Array.from({ length: loadedEntities }, (_, index) => `counter-${index}`)
    await Promise.all(ids.map((id) => this.#callOver(id, until)))
  }

  /** What came to light since it was last asked. */
  finished(): Finding {
    const finding = { failed: this.#failed, longestGapMs: this.#longestGapMs }
    this.#failed = 0
    this.#longestGapMs = 0
    this.#lastAt.clear()
    return finding
  }

  async #callOver(id: string, until: number): Promise<void> {
    while (performance.now() < until) {
      try {
        await this.#increment(id)
        this.acknowledged += 1
      } catch {
        this.#failed += 1
      }
      const now = performance.now()
      this.#longestGapMs = Math.max(this.#longestGapMs, now - (this.#lastAt.get(id) ?? now))
      this.#lastAt.set(id, now)
    }
  }
}
