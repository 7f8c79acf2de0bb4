import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * A path inside this repository.
 *
 * @param {string} path
 */
export function inRepository(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

/** The Node to develop on: the one that the repository installs, else the one that runs this. */
export function node() {
  const installed = inRepository(
    process.platform === 'win32' ? 'node_modules/node/bin/node.exe' : 'node_modules/node/bin/node',
  )
  return existsSync(installed) ? installed : process.execPath
}
