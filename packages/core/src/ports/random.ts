/**
 * The only source of randomness in the runtime.
 *
 * Laws (`randomLaws`): RN1 `next` is in [0, 1). RN2 `bytes(n)` has n bytes. RN3 `uuid` is a version 4 UUID, and no two
 * are equal.
 */
export interface Random {
  next(): number
  bytes(length: number): Uint8Array
  uuid(): string
}
