import type { Checkpoint } from '@cruster/core'
import { decode, encode } from '@cruster/core'
import { requestDigest } from '@cruster/core'
import { inputBytes } from './asking.ts'
import type { BodyScope } from './body-scope.ts'

/** A named value, each change of which is recorded. */
export class RecordedCheckpoint implements Checkpoint<unknown> {
  readonly #scope: BodyScope
  readonly #name: string
  #value: unknown

  constructor(scope: BodyScope, name: string, initial: unknown) {
    this.#scope = scope
    this.#name = name
    // Without a digest: code that begins with another value than its executions did goes on with theirs.
    this.#value = decode(
      scope.replay.value({ kind: 'checkpoint', name, digest: undefined, make: () => encode(initial) }),
    )
  }

  get(): unknown {
    return this.#value
  }

  async set(value: unknown): Promise<void> {
    const digest = requestDigest(`checkpoint ${this.#name}`, inputBytes(value, `checkpoint ${this.#name}`))
    const make = (): Uint8Array => encode(value, `checkpoint ${this.#name}`)
    this.#value = decode(this.#scope.replay.value({ kind: 'checkpoint', name: this.#name, digest, make }))
  }

  async update(change: (value: unknown) => unknown): Promise<unknown> {
    await this.set(change(this.#value))
    return this.#value
  }
}
