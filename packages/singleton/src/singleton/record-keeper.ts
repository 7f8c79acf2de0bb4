import type { EntityAddress } from '@cruster/core'
import { Fenced, StorageError, entityKey } from '@cruster/core'
import type { ResidentScope } from '@cruster/sharding/extension'
import type { SingletonRecord } from './singleton-record.ts'
import { decodeRecord, encodeRecord, noRecord } from './singleton-record.ts'

/** The stored record of a singleton, in the hands of the only one that may write it. */
export class RecordKeeper {
  readonly #scope: ResidentScope
  readonly #address: EntityAddress
  /** Undefined: not known, so that it is read again. */
  #known: { readonly version: number; readonly record: SingletonRecord } | undefined

  constructor(scope: ResidentScope, address: EntityAddress) {
    this.#scope = scope
    this.#address = address
  }

  async read(): Promise<SingletonRecord> {
    return (await this.#load()).record
  }

  /** Stores a change of it. @throws Fenced, StorageError. */
  async change(change: (record: SingletonRecord) => SingletonRecord): Promise<void> {
    const { version, record } = await this.#load()
    const next = { version: version + 1, record: change(record) }
    this.#known = undefined
    const state = encodeRecord(next.record)
    const address = this.#address
    const result = await this.#scope.commit([{ kind: 'putState', address, version: next.version, state }])
    if (result.kind === 'fenced') throw new Fenced(address.shard)
    if (result.kind !== 'applied') {
      throw new StorageError(`The record of ${entityKey(address)} has changed.`, { outcome: 'not-started' })
    }
    this.#known = next
  }

  async #load(): Promise<{ readonly version: number; readonly record: SingletonRecord }> {
    if (this.#known !== undefined) return this.#known
    const found = await this.#scope.services.storage.states.load(this.#address)
    const record = found === undefined ? noRecord : decodeRecord(found.state, entityKey(this.#address))
    this.#known = { version: found?.version ?? 0, record }
    return this.#known
  }
}
