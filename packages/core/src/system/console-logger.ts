import type { LogFields, Logger, LogLevel } from '../ports/logger.ts'
import { formatLogLine } from './log-line.ts'

/** Which lines {@link createConsoleLogger} writes, and where to. */
export interface ConsoleLoggerOptions {
  /** Lines below this level are dropped. Default `info`. */
  readonly level?: LogLevel
  /** Takes each line. Default: standard error, which leaves standard output to the program. */
  readonly write?: (line: string) => void
  /** Milliseconds since 1970, for the beginning of the line. Default: the time of this machine. */
  readonly now?: () => number
}

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

/** A logger for people: one line of text per event, an error's stack below it. */
export function createConsoleLogger(options: ConsoleLoggerOptions = {}): Logger {
  // The console is looked up at each line, so that whoever replaces it later is heard.
  const { level = 'info', write = (line: string): void => console.error(line), now = Date.now } = options
  const loggerWith = (context: LogFields): Logger => ({
    log(lineLevel, message, fields) {
      if (rank[lineLevel] < rank[level]) return
      write(formatLogLine({ time: now(), level: lineLevel, message, fields: { ...context, ...fields } }))
    },
    with: (fields) => loggerWith({ ...context, ...fields }),
  })
  return loggerWith({})
}
