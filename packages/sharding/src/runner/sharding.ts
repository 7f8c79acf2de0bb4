import type { AnyEntity, EntityAddress, RequestId, ShardId } from '@cruster/core'
import { DeadlineExceeded, ShuttingDown, decodeError, decodeExit, encode } from '@cruster/core'
import type { Exit } from '@cruster/core'
import type { Request } from '../connection/endpoint.ts'
import { addressOf } from '../placement/shard-of.ts'
import { RoutedCall } from '../routing/routed-call.ts'
import { control } from '../shard/control.ts'
import type { EntityRegistry } from '../shard/entity-registry.ts'
import type { ShardTable } from '../shard/shard-table.ts'
import type { Calling } from './calling.ts'

/** Something was registered on a runner. */
export interface RegistrationEvent {
  readonly kind: 'EntityRegistered'
  readonly type: string
}

export interface ShardingParts {
  readonly calling: Calling
  readonly registry: EntityRegistry
  readonly table: ShardTable
  readonly owns: (shard: ShardId) => boolean
  readonly sweep: () => Promise<void>
  readonly shutdown: () => Promise<void>
  readonly isShutdown: () => boolean
}

/** How a request is sent by hand: everything that the client would fill in. */
export interface RawRequest {
  readonly address: EntityAddress
  readonly method: string
  /** Encoded input. */
  readonly payload: Uint8Array
  readonly id?: RequestId
  readonly timeoutMs?: number
  /** Whether the outcome is recorded under the id, so that the request may be repeated. */
  readonly repeatable: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** The runtime below typed clients: for adapters, tools and other engines. */
export class Sharding {
  readonly #parts: ShardingParts

  constructor(parts: ShardingParts) {
    this.#parts = parts
  }

  /** Where an entity lives. */
  getShardId(contract: Pick<AnyEntity, 'name' | 'settings'>, id: string): ShardId {
    return addressOf(contract, id, this.#parts.calling.placement).shard
  }

  /** Whether this runner owns the shard at this moment. */
  hasShardId(shard: ShardId): boolean {
    return this.#parts.owns(shard)
  }

  /** A new id, unique in the cluster and growing. */
  snowflake(): RequestId {
    return this.#parts.calling.ids.next()
  }

  get isShutdown(): boolean {
    return this.#parts.isShutdown()
  }

  /** Entities that are in memory here. */
  get activeEntityCount(): number {
    return this.#parts.table.entityCount
  }

  /** Sends a request and waits for its outcome. */
  async send(raw: RawRequest): Promise<Exit> {
    const request = this.#request(raw, false)
    const limits = { timeoutMs: request.timeoutMs, repeatable: raw.repeatable }
    return decodeExit(await RoutedCall.run(this.#parts.calling.services, request, limits))
  }

  /** Sends a request; resolves when its owner has accepted it. */
  async notify(raw: RawRequest): Promise<void> {
    const request = this.#request(raw, true)
    const limits = { timeoutMs: request.timeoutMs, repeatable: raw.repeatable }
    orThrow(decodeExit(await RoutedCall.run(this.#parts.calling.services, request, limits)))
  }

  /** Stops what an entity is doing, answers what waits for it, and makes it anew. */
  async interrupt(address: EntityAddress): Promise<void> {
    orThrow(await this.send({ address, method: control.interrupt, payload: encode(undefined), repeatable: true }))
  }

  /** Looks for stored messages now, instead of at the next sweep. */
  async pollStorage(): Promise<void> {
    await this.#parts.sweep()
  }

  /** The recorded outcome of a request; undefined while there is none. */
  async repliesFor(id: RequestId): Promise<Exit | undefined> {
    const reply = await this.#parts.calling.services.storage?.replies.find(id)
    return reply === undefined ? undefined : decodeExit(reply.exit)
  }

  /** Waits for the recorded outcome of a request, wherever it runs. */
  async awaitReply(id: RequestId, timeoutMs = 30_000): Promise<Exit> {
    const { clock, router } = this.#parts.calling.services
    const deadline = clock.monotonic() + timeoutMs
    for (;;) {
      const exit = await this.repliesFor(id)
      if (exit !== undefined) return exit
      if (clock.monotonic() >= deadline)
        throw new DeadlineExceeded(`the reply to ${id}`, timeoutMs, { outcome: 'unknown' })
      if (this.isShutdown) throw new ShuttingDown()
      await new Promise<void>((resolve) => router.wait(replyPollMs, resolve))
    }
  }

  /** Tells of registrations from now on, until the returned function is called. */
  registrationEvents(listener: (event: RegistrationEvent) => void): () => void {
    return this.#parts.registry.listen(({ name }) => {
      listener({ kind: 'EntityRegistered', type: name })
    })
  }

  async shutdown(): Promise<void> {
    await this.#parts.shutdown()
  }

  #request(raw: RawRequest, oneWay: boolean): Request {
    const { config } = this.#parts.calling.services
    const timeoutMs = raw.timeoutMs ?? config.callTimeoutMs
    return {
      id: raw.id ?? this.snowflake(),
      address: raw.address,
      method: raw.method,
      payload: raw.payload,
      headers: raw.headers ?? {},
      timeoutMs,
      attempt: 1,
      origin: 'client',
      chain: [],
      retainMs: config.replyRetentionMs,
      oneWay,
    }
  }
}

function orThrow(exit: Exit): void {
  if (exit.kind === 'failure') throw decodeError(exit.error)
}

const replyPollMs = 100
