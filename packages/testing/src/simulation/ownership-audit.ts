import type { EntityAddress, RequestId, ShardId } from '@cruster/core'
import { entityKey } from '@cruster/core'
import type { Fence, Operation, Unit, UnitResult } from '@cruster/core/ports'
import type { SimulationTrace } from './simulation-trace.ts'
import type { Violation } from './violation.ts'

interface Ownership {
  readonly epoch: number
  readonly owner: string
}

/** A message as it was stored, with what became of it. */
export interface AuditedMessage {
  readonly id: RequestId
  readonly address: EntityAddress
  readonly method: string
  readonly payload: Uint8Array
  readonly sequence: number
  readonly deliverAt: number | undefined
  attempts: number
  end: 'completed' | 'cancelled' | 'dead' | undefined
}

/**
 * Watches what storage applies, and for whom. From its point of view a shard has one owner at a time: after a claim, nothing is
 * applied for a smaller epoch, and an epoch is of one process only.
 */
export class OwnershipAudit {
  readonly #trace: SimulationTrace
  readonly #owners = new Map<ShardId, Ownership>()
  readonly #replies = new Set<RequestId>()
  readonly #messages = new Map<RequestId, AuditedMessage>()
  readonly #violations: Violation[] = []

  constructor(trace: SimulationTrace) {
    this.#trace = trace
  }

  get violations(): readonly Violation[] {
    return this.#violations
  }

  /** Every message that was ever stored, oldest first. */
  get messages(): ReadonlyMap<RequestId, AuditedMessage> {
    return this.#messages
  }

  /** Who owns a shard from storage's point of view. */
  ownerOf(shard: ShardId): Ownership | undefined {
    return this.#owners.get(shard)
  }

  claimed(owner: string, { shard, epoch }: Fence): void {
    const before = this.#owners.get(shard)
    if (before?.epoch === epoch && before.owner === owner) return
    this.#trace.add(`${owner} claims ${shard} with epoch ${epoch}`, shard)
    if (before !== undefined && before.epoch >= epoch) {
      this.#report(
        shard,
        `${owner} claimed ${shard} with epoch ${epoch} after ${before.owner} had epoch ${before.epoch}`,
      )
    }
    this.#owners.set(shard, { epoch, owner })
  }

  applied(owner: string, unit: Unit, result: UnitResult): void {
    if (result.kind !== 'applied') return
    if (unit.fence !== undefined) this.#checkFence(owner, unit.fence)
    let saved = 0
    for (const operation of unit.operations) {
      const sequence = isPlaced(operation) ? result.sequences[saved++] : undefined
      this.#note(operation, sequence ?? 0)
    }
  }

  #checkFence(owner: string, { shard, epoch }: Fence): void {
    const now = this.#owners.get(shard)
    if (now?.epoch === epoch && now.owner === owner) return
    const truth = now === undefined ? 'nobody has claimed it' : `${now.owner} owns it with epoch ${now.epoch}`
    this.#report(shard, `a unit of ${owner} with epoch ${epoch} was applied to ${shard}, but ${truth}`)
  }

  #note(operation: Operation, sequence: number): void {
    if (operation.kind === 'saveMessage') {
      if (sequence === 0) return
      const { id, address, method, payload, deliverAt } = operation.message
      this.#messages.set(id, { id, address, method, payload, deliverAt, sequence, attempts: 0, end: undefined })
    } else if (operation.kind === 'saveReply') this.#answered(operation.id, operation.address)
    else if ('id' in operation) this.#changed(operation)
  }

  #answered(id: RequestId, address: EntityAddress): void {
    if (this.#replies.has(id)) this.#report(entityKey(address), `request ${id} was answered twice`)
    this.#replies.add(id)
  }

  #changed(operation: Operation & { readonly id: RequestId }): void {
    const message = this.#messages.get(operation.id)
    if (message === undefined) return
    if (operation.kind === 'countAttempt') message.attempts += 1
    const end = ends[operation.kind]
    if (end === undefined) return
    const isOptional = operation.kind === 'cancelMessage' && operation.ifPending === true
    if (message.end === undefined) message.end = end
    else if (!isOptional) {
      this.#report(entityKey(message.address), `message ${message.id} was ${end} after it had been ${message.end}`)
    }
  }

  #report(about: string, message: string): void {
    this.#violations.push({ check: 'one owner per shard and epoch', message, about })
  }
}

const ends: Partial<Record<Operation['kind'], AuditedMessage['end']>> = {
  completeMessage: 'completed',
  cancelMessage: 'cancelled',
  buryMessage: 'dead',
}

function isPlaced({ kind }: Operation): boolean {
  return kind === 'saveMessage' || kind === 'reviveMessage'
}
