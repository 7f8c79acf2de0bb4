import { type Saboteur, alterMessages } from './alter-storage.ts'

export const showsSomeMessagesLate: Saboteur = (inner) => {
  const known = new Set<number>()
  return alterMessages(inner, {
    pending: async (query) => {
      const messages = await inner.messages.pending(query)
      return messages.filter(({ sequence }) => sequence % 7 !== 0 || known.has(sequence) || !known.add(sequence))
    },
  })
}

export const sortsPendingById: Saboteur = (inner) =>
  alterMessages(inner, {
    pending: async (query) =>
      (await inner.messages.pending(query)).toSorted((one, other) => one.id.localeCompare(other.id)),
  })

export const alwaysReadsFromTheStart: Saboteur = (inner) =>
  alterMessages(inner, { pending: (query) => inner.messages.pending({ ...query, after: 0 }) })

export const readsPagesOfAnySize: Saboteur = (inner) =>
  alterMessages(inner, { pending: (query) => inner.messages.pending({ ...query, limit: 1000 }) })

export const deliversScheduledMessagesAtOnce: Saboteur = (inner) =>
  alterMessages(inner, {
    pending: async (query) => {
      const messages = await inner.messages.pending({ ...query, dueWithinMs: 1e13 })
      return messages.map((message) => ({ ...message, dueInMs: 0 }))
    },
  })

export const listsOldestFirst: Saboteur = (inner) =>
  alterMessages(inner, {
    list: async (filter) => {
      const all = await inner.messages.list({ ...filter, limit: 1000 })
      return all.toReversed().slice(0, filter.limit)
    },
  })

export const listsEveryStatus: Saboteur = (inner) =>
  alterMessages(inner, {
    list: (filter) => {
      const { status: _, ...rest } = filter
      return inner.messages.list(rest)
    },
  })

export const deliversScheduledMessagesLast: Saboteur = (inner) =>
  alterMessages(inner, {
    pending: async (query) => {
      const messages = await inner.messages.pending(query)
      const isScheduled = (message: { deliverAt?: number | undefined }) => Number(message.deliverAt !== undefined)
      return messages.toSorted((one, other) => isScheduled(one) - isScheduled(other))
    },
  })
