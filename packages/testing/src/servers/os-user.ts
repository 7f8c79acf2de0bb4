import { execFileSync } from 'node:child_process'
import { ConfigError } from '@cruster/core'

/** As whom a program runs. */
export interface OsUser {
  readonly uid: number
  readonly gid: number
}

/** Users without power that machines have. */
const candidates = ['postgres', 'nobody']

/** PostgreSQL refuses to run as root: another user then; undefined when there is no need for one. */
export function unprivilegedUser(): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of candidates) {
    const user = findUser(name)
    if (user !== undefined) return user
  }
  throw new ConfigError(
    `PostgreSQL does not run as root, and there is no user ${candidates.join(' or ')} to run it as. Create one, or run the ` +
      'tests as another user.',
  )
}

function findUser(name: string): OsUser | undefined {
  const id = (option: string): number =>
    Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    // There is no such user.
    return undefined
  }
}
