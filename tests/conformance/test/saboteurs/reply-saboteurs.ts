import type { StoredReply } from '@cruster/core/ports'
import { type Saboteur, alter, alterMessages, alterResults, applied } from './alter-storage.ts'

export const forgetsTheFirstExit: Saboteur = (inner) =>
  alterResults(inner, (result) => (result.kind === 'duplicate' ? { kind: 'duplicate', id: result.id } : result))

export const forgetsDigests: Saboteur = (inner) =>
  alterResults(inner, (result) => (result.kind === 'duplicate' ? { ...result, digest: undefined } : result))

export const overwritesReplies: Saboteur = (inner) => {
  const last = new Map<string, Uint8Array>()
  return alter(inner, {
    commit: (units) => {
      for (const { operations } of units)
        for (const operation of operations) if (operation.kind === 'saveReply') last.set(operation.id, operation.exit)
      return inner.commit(units)
    },
    replies: {
      find: async (id) => {
        const reply = await inner.replies.find(id)
        return reply === undefined ? undefined : { ...reply, exit: last.get(id) ?? reply.exit }
      },
    },
  })
}

export const takesMessagesForReplies: Saboteur = (inner) =>
  alter(inner, {
    replies: {
      find: async (id): Promise<StoredReply | undefined> => {
        const message = (await inner.messages.find(id))?.message
        const reply = await inner.replies.find(id)
        if (reply !== undefined || message?.attempts !== 0) return reply
        return { id, address: message.address, exit: message.payload, storedAt: message.storedAt }
      },
    },
  })

export const forgetsTheExitOfTheDead: Saboteur = (inner) =>
  alterMessages(inner, {
    deadLetters: async (filter) =>
      (await inner.messages.deadLetters(filter)).map((letter) => ({ ...letter, exit: new Uint8Array(0) })),
  })

export const doesNotAnswerForTheDead: Saboteur = (inner) =>
  alter(inner, {
    replies: {
      find: async (id) => {
        const record = await inner.messages.find(id)
        return record?.status === 'dead' ? undefined : inner.replies.find(id)
      },
    },
  })

export const keepsTheReplyOfTheRevived: Saboteur = (inner) => {
  const dead = new Map<string, StoredReply>()
  return alter(inner, {
    commit: async (units) => {
      const results = await inner.commit(units)
      for (const { operations } of units)
        for (const { kind, ...rest } of operations) {
          const reply = kind === 'buryMessage' && 'id' in rest ? await inner.replies.find(rest.id) : undefined
          if (reply !== undefined) dead.set(reply.id, reply)
        }
      return results
    },
    replies: { find: async (id) => (await inner.replies.find(id)) ?? dead.get(id) },
  })
}

export const revivesTheLiving: Saboteur = (inner) =>
  alterResults(inner, (result, unit) =>
    result.kind === 'gone' && unit?.operations[0]?.kind === 'reviveMessage' ? applied : result,
  )

export const listsTheLongestDeadFirst: Saboteur = (inner) =>
  alterMessages(inner, {
    deadLetters: async (filter) => {
      const all = await inner.messages.deadLetters({ ...filter, limit: 1000 })
      return all.toReversed().slice(0, filter.limit)
    },
  })
