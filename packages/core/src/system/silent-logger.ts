import type { Logger } from '../ports/logger.ts'

/** Drops every line. */
export const silentLogger: Logger = Object.freeze({
  log: () => {},
  with: () => silentLogger,
})
