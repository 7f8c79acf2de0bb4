// Empty, but with memory behind it.
const empty = new Uint8Array(1).subarray(0, 0)

/** Bytes as they can be bound: Node 22 takes some empty arrays, those without memory, for NULL. */
export function toStoredBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === 0 ? empty : bytes
}

export function toStoredBytesOrNull(bytes: Uint8Array | undefined): Uint8Array | null {
  return bytes === undefined ? null : toStoredBytes(bytes)
}
