import { parseArgs } from 'node:util'
import { EnvironmentError } from '../config.ts'

/** What the command line decides. */
export interface ClusterOptions {
  readonly runners: number
  readonly host: string
  readonly port: number
  readonly restarts: boolean
}

export const usage = `Usage: pnpm chess:cluster [options]

  --runners <n>   how many processes host the games (default 3)
  --port <port>   of the one address for all (default 3000; 0 takes any that is free)
  --host <host>   default 127.0.0.1
  --no-restart    a runner that ends stays away

POSTGRES_URL and ETCD_ENDPOINTS name servers to use; without them throw-away ones are started.`

const most = 26

/** @throws EnvironmentError that says what is wrong. */
export function readClusterOptions(args: readonly string[]): ClusterOptions | 'help' {
  const values = parsed(args)
  if (values.help === true) return 'help'
  return {
    runners: whole(values.runners, { name: '--runners', min: 1, max: most }),
    port: whole(values.port, { name: '--port', min: 0, max: 65_535 }),
    host: values.host,
    restarts: values['no-restart'] !== true,
  }
}

function parsed(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      // pnpm passes the dashes on that end its own options.
      args: args.filter((arg) => arg !== '--'),
      options: {
        runners: { type: 'string', default: '3' },
        port: { type: 'string', default: '3000' },
        host: { type: 'string', default: '127.0.0.1' },
        'no-restart': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return values
  } catch (error) {
    throw new EnvironmentError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
}

function whole(text: string, { name, min, max }: { name: string; min: number; max: number }): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new EnvironmentError(`${name} must be a whole number from ${min} to ${max}; it is "${text}".`)
}
