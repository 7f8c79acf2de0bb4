import { CodecError, epoch, instanceId, requestId, runnerAddress } from '@cruster/core'
import type { EntityAddress, ShardId } from '@cruster/core'
import type {
  CancelFrame,
  ChunkFrame,
  CreditFrame,
  Frame,
  Hello,
  NotMineFrame,
  ReplyFrame,
  RequestFrame,
} from '@cruster/core/ports'
import type {
  Cancel as WireCancel,
  Chunk as WireChunk,
  Credit as WireCredit,
  EntityAddress as WireAddress,
  Frame as WireFrame,
  Hello as WireHello,
  NotMine as WireNotMine,
  Reply as WireReply,
  Request as WireRequest,
} from '../gen/cruster/v1/transport.ts'
import { Origin } from '../gen/cruster/v1/transport.ts'
import type { EveryField } from './every-field.ts'

/**
 * The frame that was sent.
 *
 * @throws CodecError when it is of a kind that this release does not know, or lacks what every frame of its kind has.
 */
export function fromWire({ kind }: WireFrame): Frame {
  switch (kind?.$case) {
    case 'hello':
      return helloFrom(kind.value)
    case 'request':
      return requestFrom(kind.value)
    case 'reply':
      return replyFrom(kind.value)
    case 'notMine':
      return notMineFrom(kind.value)
    case 'chunk':
      return chunkFrom(kind.value)
    case 'credit':
      return creditFrom(kind.value)
    case 'cancel':
      return cancelFrom(kind.value)
    case undefined:
      throw new CodecError(
        'A frame is of a kind that this release does not know. Deploy releases that share a protocol.',
      )
  }
}

function helloFrom({ protocol, instanceId: instance }: WireHello): EveryField<Hello> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who reads a hello checks it; this carries what was said
  return { kind: 'hello', protocol: protocol as 1, instanceId: instanceId(instance) }
}

const replyFrom = ({ call, exit }: WireReply): EveryField<ReplyFrame> => ({ kind: 'reply', call, exit })

const chunkFrom = ({ call, sequence, values }: WireChunk): EveryField<ChunkFrame> => ({
  kind: 'chunk',
  call,
  sequence,
  values,
})

const creditFrom = ({ call, received, credit }: WireCredit): EveryField<CreditFrame> => ({
  kind: 'credit',
  call,
  received,
  credit,
})

const cancelFrom = ({ call }: WireCancel): EveryField<CancelFrame> => ({ kind: 'cancel', call })

function requestFrom(request: WireRequest): EveryField<RequestFrame> {
  return {
    kind: 'request',
    call: request.call,
    id: requestId(request.id),
    address: addressFrom(request.address),
    method: request.method,
    payload: request.payload,
    headers: request.headers,
    trace: request.trace,
    timeoutMs: request.timeoutMs,
    attempt: request.attempt,
    origin: originFrom(request.origin),
    chain: request.chain,
    digest: request.digest,
    retainMs: request.retainMs,
    sequence: request.sequence,
    deliverAt: request.deliverAt,
    oneWay: request.oneWay,
    credit: request.credit,
    resume: request.resume,
  }
}

function originFrom(origin: Origin): RequestFrame['origin'] {
  switch (origin) {
    case Origin.ORIGIN_CLIENT:
      return 'client'
    case Origin.ORIGIN_ENTITY:
      return 'entity'
    case Origin.ORIGIN_SELF:
      return 'self'
    default:
      // A newer release may know more; guessing could show a caller methods that it may not see.
      throw new CodecError(`A request comes from an origin of number ${origin}, which this release does not know.`)
  }
}

function addressFrom(address: WireAddress | undefined): EntityAddress {
  if (address === undefined) throw new CodecError('A request names no entity. Its bytes are damaged.')
  return { shard: shardFrom(address.shard), type: address.type, id: address.id }
}

function notMineFrom({ call, shard, owner, mayHaveStarted }: WireNotMine): EveryField<NotMineFrame> {
  return {
    kind: 'notMine',
    call,
    shard: shardFrom(shard),
    owner: owner && { address: runnerAddress(owner.address), epoch: epoch(owner.epoch) },
    mayHaveStarted,
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was a shard id when it was sent
const shardFrom = (text: string): ShardId => text as ShardId
