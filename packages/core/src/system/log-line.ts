import type { LogFields, LogLevel } from '../ports/logger.ts'

/** One event, ready to be written. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
}

/**
 * `2025-01-31T12:00:00.000Z WARN  Lease lost runner=10.0.0.1:9000`. Stacks of errors follow on lines of their own. Never
 * throws, whatever the fields hold.
 */
export function formatLogLine({ time, level, message, fields }: LogLine): string {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  const texts = entries.map(([name, value]) => ` ${name}=${fieldText(value)}`)
  const stacks = entries.flatMap(([, value]) => (value instanceof Error ? [`\n${stackText(value)}`] : []))
  return `${new Date(time).toISOString()} ${level.toUpperCase().padEnd(5)} ${message}${texts.join('')}${stacks.join('')}`
}

function fieldText(value: unknown): string {
  const text = value instanceof Error ? `${value.name}: ${value.message}` : plainText(value)
  return /^[^\s"=]+$/u.test(text) ? text : JSON.stringify(text)
}

function plainText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  try {
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part)) ?? '(nothing)'
  } catch {
    // A log line is worth having even when one of its fields contains itself or throws.
    return '(cannot be shown)'
  }
}

function stackText(error: Error): string {
  const stack = error.stack ?? `${error.name}: ${error.message}`
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackText(error.cause)}` : stack
}
