import { type Saboteur, alter, alterOperations } from './alter-storage.ts'

export const neverPrunes: Saboteur = (inner) =>
  alter(inner, { prune: async () => ({ messages: 0, replies: 0, executions: 0 }) })

export const prunesTooEarly: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'saveReply' ? [{ ...operation, retainMs: operation.retainMs / 1000 - 1 }] : [operation],
  )

export const forgetsHowLongToKeepMessages: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'saveMessage'
      ? [{ ...operation, message: { ...operation.message, retainMs: -1 } }]
      : [operation],
  )

export const prunesWithoutLimit: Saboteur = (inner) => alter(inner, { prune: () => inner.prune(1e9) })

export const remembersPrunedIds: Saboteur = (inner) => {
  const seen = new Set<string>()
  return alter(inner, {
    commit: async (units) => {
      const [operation] = units[0]?.operations ?? []
      const id = operation?.kind === 'saveMessage' ? operation.message.id : undefined
      if (id !== undefined && seen.has(id) && (await inner.messages.find(id)) === undefined)
        return [{ kind: 'duplicate', id }]
      if (id !== undefined) seen.add(id)
      return inner.commit(units)
    },
  })
}
