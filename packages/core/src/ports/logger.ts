/** How much a line matters. `error`: somebody should look; `warn`: it may become one; `info`, `debug`: for who looks. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Structured context of a log line: plain values; an `error` field may hold an Error with its stack. */
export type LogFields = Readonly<Record<string, unknown>>

/** Takes log lines. Never throws, never blocks. Each line is logged once, where it is decided what happens next. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void
  /** A logger that adds `fields` to each of its lines. */
  with(fields: LogFields): Logger
}
