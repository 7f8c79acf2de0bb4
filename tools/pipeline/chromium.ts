import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Ended } from './capture.ts'
import { canInstallDebianPackages, installDebianPackage } from './debian-package.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const macPaths = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)

const instructions =
  'The browser tests need Chromium or Chrome. Install one, for example with `apt-get install chromium`, or say where it is with ' +
  'CHROMIUM_PATH.'

/** Where Chromium is on this machine, undefined if there is none. */
export function findChromium(): string | undefined {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen !== undefined && chosen !== '') return chosen
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(':')]
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...candidates, ...macPaths].find((path) => existsSync(path))
}

/** Makes sure that there is a Chromium: installs Debian's where that is possible, else says what to do. */
export async function provideChromium(): Promise<Ended> {
  if (findChromium() === undefined && canInstallDebianPackages()) {
    const installed = await installDebianPackage('chromium')
    if (installed.code !== 0) return { ...installed, output: `${installed.output}\n${instructions}` }
  }
  const path = findChromium()
  if (path === undefined || !existsSync(path)) return { code: 1, output: instructions }
  return { code: 0, output: path }
}
