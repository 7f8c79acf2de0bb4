import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const usual = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']

/** Path of a program on this machine. */
export function findProgram(name: string): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- where the machine says that programs are
  const path = process.env['PATH'] ?? ''
  return [...path.split(delimiter), ...usual].map((folder) => join(folder, name)).find((file) => existsSync(file))
}
