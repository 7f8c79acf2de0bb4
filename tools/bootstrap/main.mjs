import { runProgram } from './run-program.mjs'
import { installDependencies, installPnpm } from './install.mjs'
import { inRepository, node } from './places.mjs'

/**
 * Does `start` or `test` and answers the exit code.
 *
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function main([command, ...rest]) {
  switch (command) {
    case 'start':
      return start(rest)
    case 'test':
      return isRunByPnpm() ? unitTests(rest) : everything(rest)
    default:
      console.error('Say start or test.')
      return 1
  }
}

/** `pnpm test` is for people at work: packages are installed, and only tests are wanted. */
function isRunByPnpm() {
  return (process.env.npm_config_user_agent ?? '').startsWith('pnpm/')
}

/** @param {string[]} args */
async function unitTests(args) {
  const withoutClusters = ['!cluster', '!process', '!chaos'].flatMap((name) => ['--project', name])
  const projects = args.some((arg) => arg.startsWith('--project')) ? [] : withoutClusters
  return runProgram([node(), inRepository('node_modules/vitest/vitest.mjs'), 'run', ...projects, ...args])
}

/** @param {string[]} args */
async function everything(args) {
  const times = await prepare()
  if (times === undefined) return 1
  return runProgram([node(), inRepository('tools/pipeline/verify.ts'), ...times, ...args])
}

/** @param {string[]} args */
async function start(args) {
  if ((await prepare()) === undefined) return 1
  console.log('cruster: building')
  const built = await runProgram(['turbo', 'run', 'build', '--filter=@cruster/chess'])
  if (built !== 0) return failed('build')
  console.log('cruster: starting apps/chess')
  return runProgram([node(), '--enable-source-maps', inRepository('apps/chess/dist/main.js'), ...args])
}

/**
 * Installs what is missing.
 *
 * @returns {Promise<string[] | undefined>} for each step its name and time as `install=1.5`, undefined when one failed
 */
async function prepare() {
  const times = []
  for (const [name, step] of /** @type {const} */ ([
    ['pnpm', installPnpm],
    ['install', installDependencies],
  ])) {
    const began = performance.now()
    if ((await step()) !== 0) {
      failed(name)
      return undefined
    }
    times.push(`${name}=${((performance.now() - began) / 1000).toFixed(1)}`)
  }
  return times
}

/** @param {string} step */
function failed(step) {
  console.error(`cruster: the step "${step}" failed, see above.`)
  return 1
}
