import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Ended } from './capture.ts'
import { canInstallDebianPackages, installDebianPackage } from './debian-package.ts'

const instructions =
  'Tests of discovery start an etcd of their own, version 3.4 or newer. Install it, for example with ' +
  '`apt-get install etcd-server`, so that the program `etcd` is on the path.'

/** Makes sure that tests find an etcd: installs Debian's where that is possible, else says what to do. */
export async function provideEtcd(): Promise<Ended> {
  if (findEtcd() === undefined && canInstallDebianPackages()) {
    const installed = await installDebianPackage('etcd-server')
    if (installed.code !== 0) return { ...installed, output: `${installed.output}\n${instructions}` }
  }
  const path = findEtcd()
  return path === undefined ? { code: 1, output: instructions } : { code: 0, output: path }
}

/** Where etcd is on this machine, looked for as the tests do. */
function findEtcd(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']
  return folders.map((folder) => join(folder, 'etcd')).find((path) => existsSync(path))
}
