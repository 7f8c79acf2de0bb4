import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { Frame } from '@cruster/core/ports'

/** Fails when a frame is missing, too many or changed. Says which, not how: a difference of large payloads helps nobody. */
export function assertSameFrames(arrived: readonly Frame[], sent: readonly Frame[]): void {
  for (const [index, frame] of sent.entries()) {
    const other = arrived[index]
    if (isDeepStrictEqual(normalised(other), normalised(frame))) continue
    assert.fail(`frame ${index} was sent as ${frame.kind} and arrived ${other === undefined ? 'never' : 'changed'}`)
  }
  assert.equal(arrived.length, sent.length, 'more frames arrived than were sent')
}

/** The frame with plain byte arrays and without fields that are undefined: both ways of writing it are the same frame. */
function normalised(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (Array.isArray(value)) return value.map(normalised)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, normalised(field)]))
}
