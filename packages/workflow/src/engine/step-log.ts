import type { HandlerLog } from '@cruster/core'
import type { LogFields, Logger, LogLevel } from '@cruster/core/ports'

/** The log of a step: its lines carry what it belongs to. */
export function stepLog(logger: Logger, fields: LogFields): HandlerLog {
  const own = logger.with(fields)
  const at = (level: LogLevel) => (message: string, more?: LogFields) => {
    own.log(level, message, more)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
