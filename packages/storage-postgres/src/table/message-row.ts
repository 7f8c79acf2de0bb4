import type { MessageStatus, StoredMessage } from '@cruster/core/ports'
import { requestId } from '@cruster/core'
import { addressOf, bytesOf, numberOf, optional, textOf } from '../row-values.ts'
import type { Row } from '../session/session.ts'

type Headers = Readonly<Record<string, string>>

const statuses = ['pending', 'completed', 'cancelled', 'dead'] as const satisfies readonly MessageStatus[]

/** A message out of its row, with the headers given apart, because reading those can fail. */
export function toMessage(row: Row, headers: Headers): StoredMessage {
  return {
    id: requestId(textOf(row, 'id')),
    address: addressOf(row),
    method: textOf(row, 'method'),
    payload: bytesOf(row, 'payload'),
    digest: optional(row, 'digest', bytesOf),
    headers,
    trace: optional(row, 'trace', textOf),
    deliverAt: optional(row, 'deliver_at', numberOf),
    oneWay: row['one_way'] === true,
    retainMs: numberOf(row, 'retain_ms'),
    sequence: numberOf(row, 'sequence'),
    attempts: numberOf(row, 'attempts'),
    dueInMs: numberOf(row, 'due_in_ms'),
    storedAt: numberOf(row, 'stored_at'),
  }
}

/** The headers of a row; undefined when they are damaged. They are JSON, which needs no escapes of ours. */
export function readHeaders(row: Row): Headers | undefined {
  const text = row['headers']
  if (text === '{}') return {}
  try {
    const value: unknown = JSON.parse(String(text))
    return isHeaders(value) ? value : undefined
  } catch {
    // Not JSON: damaged, like JSON of another shape.
    return undefined
  }
}

export function statusOf(row: Row): MessageStatus {
  const text = textOf(row, 'status')
  return statuses.find((status) => status === text) ?? 'dead'
}

function isHeaders(value: unknown): value is Headers {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((item) => typeof item === 'string')
}
