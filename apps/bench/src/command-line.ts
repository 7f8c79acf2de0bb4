import { parseArgs } from 'node:util'
import type { Workload } from './workload.ts'

export interface Command {
  readonly workloads: readonly Workload[]
  /** Undefined: all that the workload has. */
  readonly concurrency: number | undefined
  readonly json: boolean
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly runs: number
  readonly profile: boolean
}

export const usage = `Usage: pnpm bench [workload …] [options]
       pnpm bench grow      what an operation costs where there is little, and where there is much

  --concurrency <n>   callers at once; default: 1 and 64
  --seconds <n>       how long is measured; default 5
  --warm-up <n>       seconds before it; default 2
  --runs <n>          how often; the median is reported; default 1
  --json              one line of JSON for each result on standard output
  --profile           writes CPU profiles into the folder profiles`

/** @throws RangeError that says what is wrong with the arguments. */
export function parseCommand(args: readonly string[], all: readonly Workload[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      concurrency: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      'warm-up': { type: 'string', default: '2' },
      runs: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  })
  return {
    workloads: positionals.length === 0 ? all.filter(isShort) : positionals.map((id) => workloadOf(id, all)),
    concurrency: values.concurrency === undefined ? undefined : atLeast(1, '--concurrency', values.concurrency),
    seconds: atLeast(1, '--seconds', values.seconds),
    warmUpSeconds: atLeast(0, '--warm-up', values['warm-up']),
    runs: atLeast(1, '--runs', values.runs),
    json: values.json,
    profile: values.profile,
  }
}

function isShort(workload: Workload): boolean {
  return workload.kind === 'rate' || workload.isLong !== true
}

function workloadOf(id: string, all: readonly Workload[]): Workload {
  const found = all.find((workload) => workload.id === id.toLowerCase())
  if (found === undefined)
    throw new RangeError(`There is no workload ${id}; there are ${all.map((one) => one.id).join(', ')}.`)
  return found
}

function atLeast(least: number, option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${option} takes a whole number from ${least}, not ${text}.`)
  return value
}
