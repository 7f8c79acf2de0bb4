import { requestId } from '@cruster/core'
import { type Saboteur, alter, alterMessages, alterOperations, alterResults, applied } from './alter-storage.ts'

export const refusesKnownMessagesAlways: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'saveMessage' ? [{ kind: 'saveMessage', message: operation.message }] : [operation],
  )

export const storesMessagesTwice: Saboteur = (inner) => {
  let copies = 0
  return alter(inner, {
    commit: async (units) => {
      const results = await inner.commit(units)
      const again = units.map(async (unit, index) => {
        const [operation, ...more] = unit.operations
        if (results[index]?.kind !== 'duplicate' || operation?.kind !== 'saveMessage' || more.length > 0)
          return results[index] ?? applied
        const id = requestId(`${operation.message.id} copy ${copies++}`)
        const [result] = await inner.commit([{ operations: [{ ...operation, message: { ...operation.message, id } }] }])
        return result ?? applied
      })
      return Promise.all(again)
    },
  })
}

export const numbersMessagesAcrossShards: Saboteur = (inner) => {
  let last = 0
  return alterResults(inner, (result) =>
    result.kind === 'applied' ? { kind: 'applied', sequences: result.sequences.map((each) => each && ++last) } : result,
  )
}

export const wastesSequencesOfRefusedUnits: Saboteur = (inner) => {
  let wasted = 0
  return alterResults(inner, (result, unit) => {
    if (result.kind !== 'applied') wasted += unit?.operations.filter(({ kind }) => kind === 'saveMessage').length ?? 0
    else return { kind: 'applied', sequences: result.sequences.map((each) => each && each + wasted) }
    return result
  })
}

export const leavesOutEmptyShards: Saboteur = (inner) =>
  alterMessages(inner, {
    lastSequences: async (shards) => {
      const all = await inner.messages.lastSequences(shards)
      return new Map([...all].filter(([, sequence]) => sequence > 0))
    },
  })

export const letsGoneMessagesBeRetired: Saboteur = (inner) =>
  alterResults(inner, (result, unit) => {
    const isRetiring = unit?.operations.every(({ kind }) => kind === 'completeMessage' || kind === 'buryMessage')
    return result.kind === 'gone' && isRetiring === true ? applied : result
  })

export const keepsWhatIsToBeForgotten: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'completeMessage' ? [{ kind: 'completeMessage', id: operation.id }] : [operation],
  )

export const cancelsOnlyWhatIsPending: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'cancelMessage' ? [{ kind: 'cancelMessage', id: operation.id }] : [operation],
  )

export const countsNoAttempts: Saboteur = (inner) =>
  alterMessages(inner, {
    pending: async (query) => (await inner.messages.pending(query)).map((message) => ({ ...message, attempts: 0 })),
  })

export const cutsIdsAtNul: Saboteur = (inner) =>
  alterOperations(inner, (operation) => {
    if (operation.kind !== 'saveMessage') return [operation]
    const { address } = operation.message
    const cut = { ...address, id: address.id.split('\0')[0] ?? '' }
    return [{ ...operation, message: { ...operation.message, address: cut } }]
  })

export const losesEmptyPayloads: Saboteur = (inner) =>
  alter(inner, {
    states: {
      load: async (address) => {
        const stored = await inner.states.load(address)
        return stored === undefined || stored.state.length === 0 ? undefined : stored
      },
    },
  })

export const forgetsOneWay: Saboteur = (inner) =>
  alterMessages(inner, {
    pending: async (query) => (await inner.messages.pending(query)).map((message) => ({ ...message, oneWay: false })),
  })
