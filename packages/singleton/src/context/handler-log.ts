import type { HandlerLog } from '@cruster/core'
import type { Logger, LogFields, LogLevel } from '@cruster/core/ports'

/** The log that handlers get: a method for each level. */
export function handlerLog(logger: Logger): HandlerLog {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    logger.log(level, message, fields)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
