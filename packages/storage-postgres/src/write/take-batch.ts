import type { Operation, Unit } from '@cruster/core/ports'

/** Bounds of a batch: a larger one gains nothing, and makes all wait for the last of it. */
const mostUnits = 1000
const mostBytes = 8_000_000

/** Takes calls from the front: at least one, and no more than fit into a batch. */
export function takeBatch<Call extends { readonly units: readonly Unit[] }>(waiting: Call[]): readonly Call[] {
  let count = 0
  let units = 0
  let bytes = 0
  for (const call of waiting) {
    units += call.units.length
    bytes += sizeOf(call.units)
    if (count > 0 && (units > mostUnits || bytes > mostBytes)) break
    count++
  }
  return waiting.splice(0, count)
}

function sizeOf(units: readonly Unit[]): number {
  let bytes = 0
  for (const { operations } of units) for (const operation of operations) bytes += payloadOf(operation)
  return bytes
}

function payloadOf(operation: Operation): number {
  switch (operation.kind) {
    case 'saveMessage':
      return operation.message.payload.byteLength
    case 'putState':
      return operation.state.byteLength
    case 'saveReply':
    case 'buryMessage':
      return operation.exit.byteLength
    case 'appendJournal':
      return operation.entries.reduce((bytes, entry) => bytes + entry.byteLength, 0)
    default:
      return 0
  }
}
