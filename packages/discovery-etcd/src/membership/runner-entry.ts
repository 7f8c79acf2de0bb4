import type { MachineId } from '@cruster/core'
import { DiscoveryError } from '@cruster/core'
import type { RunnerInfo } from '@cruster/core/ports'
import type { IKeyValue, ITxnResponse } from 'etcd3'
import type { EtcdLease } from '../lease/etcd-lease.ts'
import { isUnchangedSince } from '../registry/comparison.ts'
import { encodeRunner } from '../registry/runner-record.ts'
import type { Registered, Registry } from './registration.ts'

/** What a runner tells about itself, in its key. Changes appear in the order in which they were made. */
export class RunnerEntry {
  readonly #registry: Registry
  readonly #lease: EtcdLease
  readonly #machineId: MachineId
  #info: RunnerInfo
  #revision: string
  #last: Promise<void> = Promise.resolve()

  constructor(registry: Registry, lease: EtcdLease, entry: Registered & { readonly runner: RunnerInfo }) {
    this.#registry = registry
    this.#lease = lease
    this.#machineId = entry.machineId
    this.#info = entry.runner
    this.#revision = entry.revision
  }

  async update(info: RunnerInfo): Promise<void> {
    const { instanceId, address } = this.#info
    if (info.instanceId !== instanceId || info.address !== address) {
      throw new DiscoveryError(
        `${instanceId} at ${address} cannot publish the info of ${info.instanceId} at ${info.address}. Join for that.`,
      )
    }
    const mine = this.#last.then(() => this.#write(info))
    this.#last = mine.catch(() => {})
    await mine
  }

  /** Compares the revision, so that a write that was thought to be lost cannot come late and undo a newer one. */
  async #write(info: RunnerInfo): Promise<void> {
    const { link, keys } = this.#registry
    const key = keys.runner(info.address)
    const value = encodeRunner({ runner: info, machineId: this.#machineId })
    for (;;) {
      this.#lease.check()
      const answer = await this.#lease.watched(
        link.transact('publishing what has changed of a runner', {
          compare: [isUnchangedSince(key, this.#revision)],
          success: [{ request_put: { key, value, lease: this.#lease.id } }],
          failure: [{ request_range: { key } }],
        }),
      )
      const found = answer.succeeded ? undefined : this.#own(answer)
      this.#revision = found?.mod_revision ?? answer.header.revision
      this.#info = info
      if (found === undefined || found.value.equals(value)) return
    }
  }

  /** The entry as it is, written by an attempt whose answer was lost. */
  #own({ responses }: ITxnResponse): IKeyValue {
    const [found] = responses[0]?.response_range.kvs ?? []
    if (found?.lease === this.#lease.id) return found
    this.#lease.lose()
    throw new DiscoveryError(`${this.#info.instanceId} is not registered any more. Join again.`)
  }
}
