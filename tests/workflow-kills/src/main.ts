import { parseArgs } from 'node:util'
import { runKills } from './run-kills.ts'

const usage = `pnpm workflow-kills [--kills 200] [--runners 3] [--per-kill 3]

Kills runners with SIGKILL under a mixed load of workflows, and looks whether each ended as it must, with every effect once.`

/** `pnpm workflow-kills`: ends with 0 when nothing is wrong, with 1 when something is, with 2 when it could not be run. */
process.exitCode = await run()

async function run(): Promise<number> {
  const options = readOptions()
  if (options === undefined) return 2
  const { wrong, ...figures } = await runKills({ ...options, print: (line) => console.log(line) })
  console.log(figures)
  for (const sentence of wrong.slice(0, 50)) console.log(sentence)
  console.log(
    wrong.length === 0 ? 'Every execution ended as it must, with every effect once.' : `${wrong.length} are wrong.`,
  )
  return wrong.length === 0 ? 0 : 1
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '200' },
        runners: { type: 'string', default: '3' },
        'per-kill': { type: 'string', default: '3' },
      },
    })
    return { kills: whole(values.kills), runners: whole(values.runners), perKill: whole(values['per-kill']) }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return undefined
  }
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${text} is not a whole number from 1.`)
  return value
}
