import { readOptions, usage } from './options.ts'
import { runChaos } from './run-chaos.ts'

/** `pnpm chaos`: passes with exit code 0, fails with 1; 2 says that it could not be run. */
process.exitCode = await run()

async function run(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), (line) => {
      console.log(line)
    })
    if (options === 'help') {
      console.log(usage)
      return 0
    }
    const { violations } = await runChaos(options)
    return violations.length === 0 ? 0 : 1
  } catch (error) {
    console.error(error instanceof RangeError ? `${error.message}\n\n${usage}` : error)
    return 2
  }
}
