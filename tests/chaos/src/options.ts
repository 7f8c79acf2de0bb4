import { parseArgs } from 'node:util'
import { plantedBugs } from '../../simulation/src/planted/planted-bugs.ts'
import { faultKinds, type FaultKind } from './faults/fault.ts'

export interface ChaosOptions {
  readonly seconds: number
  readonly seed: number
  readonly runners: number
  readonly clients: number
  /** Callers of each client. */
  readonly workers: number
  readonly accounts: number
  readonly faults: readonly FaultKind[]
  /** `doubles`: clients that do things twice; else the name of a bug that is planted in the runners. */
  readonly sabotage: string | undefined
  /** Gets every line of progress and the report. */
  readonly print: (line: string) => void
}

export const usage = `pnpm chaos --minutes 5 [--seed 7] [--runners 3] [--clients 2] [--workers 6] [--accounts 24]
           [--faults ${faultKinds.slice(0, 3).join(',')},…]     only these of: ${faultKinds.join(', ')}
           [--sabotage doubles]   clients that do things twice; or the name of a bug that pnpm sim --bugs plants, in the runners`

/** @throws RangeError that says what is wrong with the arguments. */
export function readOptions(args: readonly string[], print: ChaosOptions['print']): ChaosOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
      runners: { type: 'string', default: '3' },
      clients: { type: 'string', default: '2' },
      workers: { type: 'string', default: '6' },
      accounts: { type: 'string', default: '24' },
      faults: { type: 'string', default: faultKinds.join(',') },
      sabotage: { type: 'string' },
    },
  })
  if (values.help) return 'help'
  return {
    seconds: 60 * positive('--minutes', values.minutes),
    seed: Math.trunc(positive('--seed', values.seed)),
    runners: whole('--runners', values.runners),
    clients: whole('--clients', values.clients),
    workers: whole('--workers', values.workers),
    accounts: whole('--accounts', values.accounts),
    faults: values.faults.split(',').map(kindOf),
    sabotage: values.sabotage === undefined ? undefined : sabotageOf(values.sabotage),
    print,
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new RangeError(`${option} takes a number above 0, not ${text}.`)
  return value
}

function whole(option: string, text: string): number {
  const value = positive(option, text)
  if (!Number.isInteger(value)) throw new RangeError(`${option} takes a whole number, not ${text}.`)
  return value
}

function kindOf(text: string): FaultKind {
  const kind = faultKinds.find((one) => one === text)
  if (kind === undefined) throw new RangeError(`There is no fault ${text}; there are ${faultKinds.join(', ')}.`)
  return kind
}

function sabotageOf(text: string): string {
  const names = ['doubles', ...plantedBugs.map(({ name }) => name)]
  if (names.includes(text)) return text
  throw new RangeError(`There is no sabotage "${text}"; there are: ${names.join('; ')}.`)
}
