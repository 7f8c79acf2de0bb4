import type { LogFields, Logger, LogLevel } from '../ports/logger.ts'

/** A line as it was logged, with the fields of its logger. */
export interface LoggedLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
}

/** Keeps what is logged, for tests. A logger made by `with` keeps its lines in the same list. */
export class MemoryLogger implements Logger {
  readonly #lines: LoggedLine[]
  readonly #context: LogFields

  constructor(context: LogFields = {}, lines: LoggedLine[] = []) {
    this.#context = context
    this.#lines = lines
  }

  /** All lines, oldest first. */
  get lines(): readonly LoggedLine[] {
    return this.#lines
  }

  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.#lines.push({ level, message, fields: { ...this.#context, ...fields } })
  }

  with(fields: LogFields): MemoryLogger {
    return new MemoryLogger({ ...this.#context, ...fields }, this.#lines)
  }
}
