import { existsSync } from 'node:fs'
import { capture, type Ended } from './capture.ts'

/** apt-get works for one caller at a time. */
let last: Promise<unknown> = Promise.resolve()

/** Whether {@link installDebianPackage} can work here: on Debian or a child of it, as root. */
export function canInstallDebianPackages(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/** Installs a package with what it needs. One after the other, when several are asked for at once. */
export function installDebianPackage(name: string): Promise<Ended> {
  const mine = last.then(() => install(name))
  last = mine.catch(() => {})
  return mine
}

async function install(name: string): Promise<Ended> {
  const updated = await capture(['apt-get', 'update', '--quiet'])
  if (updated.code !== 0) return updated
  return capture([
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    'install',
    '--yes',
    '--no-install-recommends',
    name,
  ])
}
