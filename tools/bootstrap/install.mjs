import { existsSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { runProgram } from './run-program.mjs'
import { inRepository, node } from './places.mjs'

/** Brings pnpm, which npm installs from its own small lockfile, and puts the programs of this repository on the path. */
export async function installPnpm() {
  const programs = ['node_modules/.bin', 'tools/bootstrap/node_modules/.bin'].map(inRepository)
  process.env.PATH = [...programs, process.env.PATH].join(delimiter)
  const wanted = manifest('tools/bootstrap/package.json').dependencies.pnpm
  if (manifest('tools/bootstrap/node_modules/pnpm/package.json').version === wanted) return 0
  console.log(`cruster: installing pnpm ${wanted}`)
  return runProgram([...npm(), 'ci', '--no-audit', '--no-fund'], { cwd: inRepository('tools/bootstrap') })
}

/** Installs the packages of the repository from its lockfile; takes a moment when nothing changed. */
export async function installDependencies() {
  console.log('cruster: installing packages')
  const code = await runProgram(['pnpm', 'install', '--frozen-lockfile'])
  if (code !== 0) return code
  return checkNode()
}

async function checkNode() {
  const hasWhatWeNeed =
    'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 18) ? 0 : 1)'
  const code = await runProgram([node(), '--eval', hasWhatWeNeed])
  if (code !== 0) {
    console.error(
      'Cruster needs Node 22.18 or later. This machine has an older one, and no newer one could be installed for its platform. ' +
        'Install Node 24 and try again.',
    )
  }
  return code
}

/** The npm that runs this script if there is one, so that it is the same version. */
function npm() {
  const cli = process.env.npm_execpath ?? ''
  return cli.endsWith('npm-cli.js') ? [process.execPath, cli] : ['npm']
}

/** @param {string} path */
function manifest(path) {
  return existsSync(inRepository(path)) ? JSON.parse(readFileSync(inRepository(path), 'utf8')) : {}
}
