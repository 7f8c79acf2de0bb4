import { requestId } from '@cruster/core'
import type { MessageStatus, Storage, StoredMessage } from '@cruster/core/ports'
import type { StorageWorld } from '@cruster/testing'
import { expect } from 'vitest'
import { StorageModel } from './storage-model.ts'
import { shards, type StorageStep } from './storage-steps.ts'

/** Does the same to a storage and to the model, and compares every answer, and at the end all that can be read. */
export async function agreesWithModel(world: StorageWorld, steps: readonly StorageStep[]): Promise<void> {
  const model = new StorageModel()
  let { storage } = world
  for (const step of steps) {
    if (step.kind === 'reopen') storage = (await world.reopen?.()) ?? storage
    else expect(await run(storage, step)).toEqual(predict(model, step))
  }
  expect(await read(storage)).toEqual(expected(model))
}

type Asking = Exclude<StorageStep, { readonly kind: 'reopen' }>

async function run(storage: Storage, step: Asking): Promise<unknown> {
  switch (step.kind) {
    case 'claim':
      return storage.claim(step.fences)
    case 'commit':
      return storage.commit(step.units)
    case 'transaction': {
      await using transaction = await storage.begin(step.fence, new AbortController().signal)
      return await transaction.commit(step.operations)
    }
    case 'prune':
      return storage.prune(1000)
  }
}

function predict(model: StorageModel, step: Asking): unknown {
  switch (step.kind) {
    case 'claim':
      return model.claim(step.fences)
    case 'commit':
      return model.commit(step.units)
    case 'transaction':
      return model.commit([{ fence: step.fence, operations: step.operations }])[0]
    case 'prune':
      return model.prune()
  }
}

interface Readable {
  readonly messages: unknown
  readonly pending: unknown
  readonly dead: unknown
  readonly replies: unknown
  readonly states: unknown
  readonly sequences: unknown
  readonly newestEpoch: number
  readonly journals: unknown
  readonly executions: unknown
}

const counter = { shard: shards[0], type: 'Counter' }
const entities = ['a', 'b', 'c'] as const
const ids = ['1', '2', '3', '4', '5', '6'].map(requestId)

async function read(storage: Storage): Promise<Readable> {
  const { messages, replies, states } = storage
  const listed = await messages.list({ limit: 100 })
  const pending = shards.flatMap((shard) =>
    [0, 1e14].map((dueWithinMs) => messages.pending({ shard, after: 1, dueWithinMs, limit: 3 })),
  )
  const letters = await messages.deadLetters({ limit: 100 })
  return {
    messages: byId(listed.map(({ message, status }) => described(message, status))),
    pending: (await Promise.all(pending)).map((page) => page.map(({ id }) => id)),
    dead: byId(letters.map(({ message, exit }) => ({ id: message.id, exit }))),
    replies: (await Promise.all(ids.map((id) => replies.find(id)))).map(
      (reply) => reply && { address: reply.address, digest: reply.digest, exit: reply.exit },
    ),
    states: await Promise.all(entities.map((id) => states.load({ ...counter, id }))),
    sequences: [...(await messages.lastSequences(shards)).values()],
    newestEpoch: await storage.newestEpoch(),
    journals: await Promise.all(
      entities.map((id) => storage.journals.read({ address: { ...counter, id }, after: 0, limit: 100 })),
    ),
    executions: byId(
      (await storage.executions.list({ limit: 100 })).map(({ address, updatedAt: _1, endedAt: _2, ...rest }) => ({
        id: address.id,
        ...rest,
      })),
    ),
  }
}

function expected({ contents }: StorageModel): Readable {
  const messages = [...contents.messages.values()]
  const ready = messages
    .filter(({ status, sequence }) => status === 'pending' && sequence > 1)
    .toSorted((one, other) => one.sequence - other.sequence)
  const pending = shards.flatMap((shard) => {
    const here = ready.map(({ message }) => message).filter(({ address }) => address.shard === shard)
    return [here.filter(({ deliverAt }) => deliverAt === undefined || deliverAt < 1e9), here]
  })
  const dead = messages.filter(({ status }) => status === 'dead').map(({ message }) => message.id)
  return {
    messages: byId(messages.map(({ message, status, ...rest }) => described({ ...message, ...rest }, status))),
    pending: pending.map((page) => page.slice(0, 3).map(({ id }) => id)),
    dead: byId(dead.map((id) => ({ id, exit: contents.replies.get(id)?.exit }))),
    replies: ids.map((id) => {
      const reply = contents.replies.get(id)
      return reply && { address: reply.address, digest: reply.digest, exit: reply.exit }
    }),
    states: entities.map((id) => contents.states.get(id)),
    sequences: shards.map((shard) => contents.sequences.get(shard) ?? 0),
    newestEpoch: Math.max(0, ...contents.epochs.values()),
    journals: entities.map((id) => contents.journals.get(id) ?? []),
    executions: byId([...contents.executions].map(([id, record]) => ({ id, ...record }))),
  }
}

/** A message without the times of its storage. */
function described(
  message: Omit<StoredMessage, 'storedAt' | 'dueInMs'>,
  status: MessageStatus,
): { readonly id: string } {
  const { id, address, method, payload, digest, headers, deliverAt, oneWay, retainMs } = message
  const { sequence, attempts } = message
  const fate = { id, sequence, attempts, status }
  return Object.assign(fate, { address, method, payload, digest, headers, deliverAt, oneWay, retainMs })
}

function byId<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((one, other) => one.id.localeCompare(other.id))
}
