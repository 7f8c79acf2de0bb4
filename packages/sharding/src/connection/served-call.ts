import type { EntityAddress } from '@cruster/core'
import type { CallId, RequestFrame } from '@cruster/core/ports'
import type { TurnoverMap } from '../turnover/turnover-map.ts'
import type { Endpoint, OpenCall, OwnerHint, ReplySink } from './endpoint.ts'
import type { FrameBatch } from './frame-batch.ts'

/** What the calls of one served line share. A call is open as long as the map holds it. */
export interface ServedCalls {
  readonly open: TurnoverMap<CallId, ServedCall>
  readonly batch: FrameBatch
  /** Encodes an error as the exit of a call. */
  readonly encodeFailure: (error: Error) => Uint8Array
}

/** One request of a peer while it is served here: its sink, which writes frames, and the way to cancel it. */
export class ServedCall implements ReplySink {
  readonly #calls: ServedCalls
  readonly #id: CallId
  readonly #address: EntityAddress
  #call: OpenCall | undefined

  constructor(calls: ServedCalls, request: RequestFrame) {
    this.#calls = calls
    this.#id = request.call
    this.#address = request.address
  }

  /** The frame is handed on as it is: what it has beyond a request costs nothing. */
  start(endpoint: Endpoint, request: RequestFrame): void {
    this.#call = endpoint.open(request, this)
  }

  reply(exit: Uint8Array): void {
    if (this.#end()) this.#calls.batch.add({ kind: 'reply', call: this.#id, exit })
  }

  notMine({ shard }: EntityAddress, owner: OwnerHint | undefined, mayHaveStarted?: boolean): void {
    if (this.#end()) this.#calls.batch.add({ kind: 'notMine', call: this.#id, shard, owner, mayHaveStarted })
  }

  /** The endpoint here lost the call. What is safe to repeat elsewhere is told as such; the rest is a failure. */
  broken(reason: Error, sent: boolean): void {
    if (sent) this.reply(this.#calls.encodeFailure(reason))
    else this.notMine(this.#address, undefined)
  }

  chunk(sequence: number, values: readonly Uint8Array[]): void {
    if (!this.#calls.open.has(this.#id)) return
    this.#calls.batch.add({ kind: 'chunk', call: this.#id, sequence, values })
  }

  credit(received: number, credit: number): void {
    this.#call?.credit(received, credit)
  }

  cancel(): void {
    if (this.#end()) this.#call?.cancel()
  }

  disconnect(): void {
    if (this.#end()) this.#call?.disconnect()
  }

  #end(): boolean {
    return this.#calls.open.delete(this.#id)
  }
}
