import type { ShardId } from '@cruster/core'

/** PostgreSQL refuses a notification of 8000 bytes. */
const mostBytes = 7900

/** Last sequences as texts of notifications, as few as they fit in. */
export function toPayloads(last: ReadonlyMap<ShardId, number>): readonly string[] {
  const payloads: string[] = []
  let part: string[] = []
  let size = 2
  for (const entry of last) {
    const text = JSON.stringify(entry)
    const bytes = Buffer.byteLength(text) + 1
    if (part.length > 0 && size + bytes > mostBytes) {
      payloads.push(`[${part.join(',')}]`)
      part = []
      size = 2
    }
    part.push(text)
    size += bytes
  }
  if (part.length > 0) payloads.push(`[${part.join(',')}]`)
  return payloads
}

/** Undefined for a text that is no such payload: anybody may notify. */
export function fromPayload(text: string): ReadonlyMap<ShardId, number> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value)) return undefined
    const entries = value.filter(isEntry)
    return entries.length === value.length ? new Map(entries) : undefined
  } catch {
    // Not ours.
    return undefined
  }
}

function isEntry(value: unknown): value is [ShardId, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number'
}
