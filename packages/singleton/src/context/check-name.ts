import { ConfigError } from '@cruster/core'

const form = /^[A-Za-z][\w.-]*$/u

/** @throws ConfigError unless the text can be the name of a singleton, a schedule, or a kind of schedules. */
export function checkName(what: string, name: string): void {
  if (form.test(name)) return
  throw new ConfigError(`"${name}" cannot name a ${what}. Use a letter, then letters, digits, "_", "-" or ".".`)
}
