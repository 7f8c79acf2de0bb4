import { ConfigError } from '../error/config-error.ts'
import type { Methods } from './method.ts'

const namePattern = /^[A-Za-z][\w.-]*$/u
const reserved = new Set(['then', 'catch', 'finally', 'constructor', 'toJSON', 'toString', 'valueOf'])

/** @throws ConfigError unless the text can name an entity type or trait: it becomes part of addresses. */
export function checkName(what: string, name: string): void {
  if (!namePattern.test(name)) {
    throw new ConfigError(
      `"${name}" cannot name ${what === 'entity' ? 'an' : 'a'} ${what}. Use a letter, then letters, digits, "_", "-" or ".".`,
    )
  }
}

/** @throws ConfigError when a method could not be called on a client. */
export function checkMethodNames(owner: string, methods: Methods): void {
  for (const name of Object.keys(methods)) {
    if (reserved.has(name) || !/^[A-Za-z_]\w*$/u.test(name)) {
      throw new ConfigError(
        `"${name}" cannot name a method of ${owner}. Use letters, digits and "_"; reserved are: ${[...reserved].join(', ')}.`,
      )
    }
  }
}
