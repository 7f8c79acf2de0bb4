import { inspect } from 'node:util'
import type { ShardId } from '@cruster/core'
import { parseShardId } from '@cruster/core'
import type { LoggedLine } from '@cruster/core/memory'
import { VirtualClock } from '@cruster/core/memory'
import type { ShardLock } from '@cruster/core/ports'
import type { TestRunner } from './test-runner.ts'
import type { TestWorld } from './test-world.ts'

const shownTimers = 20
const shownLines = 40

/** The cluster at this moment, for people: who has which shards, what is due, what was logged last. */
export function clusterPicture(world: TestWorld, runners: readonly TestRunner[]): string {
  const { locks } = world.registry.snapshot()
  return [
    `time ${new Date(world.clock.now()).toISOString()}`,
    ...runners.map((runner) => runnerLine(runner, locks)),
    `timers ${timers(world)}`,
    'log',
    ...logged(world.logger.lines),
  ].join('\n')
}

function runnerLine(runner: TestRunner, locks: readonly ShardLock[]): string {
  const held = locks.filter(({ instanceId }) => instanceId === runner.runner.instanceId).map(({ shard }) => shard)
  const owned = runner.isRunning ? held.filter((shard) => runner.runner.sharding.hasShardId(shard)) : []
  const rest = held.filter((shard) => !owned.includes(shard))
  const locked = rest.length === 0 ? '' : `; locked only: ${ranges(rest)}`
  return `${runner.name} ${runner.phase} ${owned.length} shards: ${ranges(owned)}${locked}`
}

/** `default:0-3,7`: runs of neighbours, by group. */
function ranges(shards: readonly ShardId[]): string {
  const parts = shards.map(parseShardId)
  const groups = [...new Set(parts.map(({ group }) => group))]
  const indexesIn = (name: string): readonly number[] =>
    parts.filter(({ group }) => group === name).map(({ index }) => index)
  return groups.map((group) => `${group}:${runs(indexesIn(group))}`).join(' ')
}

function runs(indexes: readonly number[]): string {
  const found: { first: number; last: number }[] = []
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const latest = found.at(-1)
    if (latest?.last === index - 1) latest.last = index
    else found.push({ first: index, last: index })
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

function timers({ clock }: TestWorld): string {
  if (!(clock instanceof VirtualClock)) return 'of the system'
  const pending = clock.pendingTimers()
  const more = pending.length > shownTimers ? ' …' : ''
  return `${pending.length} pending, in ms: ${pending.slice(0, shownTimers).map(Math.round).join(', ')}${more}`
}

function logged(lines: readonly LoggedLine[]): readonly string[] {
  return lines.slice(-shownLines).map(({ level, message, fields }) => {
    const shown = Object.entries(fields).map(([name, value]) => `${name}=${shownField(value)}`)
    return `  ${level} ${message} ${shown.join(' ')}`
  })
}

function shownField(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return typeof value === 'string' ? value : inspect(value, { depth: 2, breakLength: Infinity })
}
