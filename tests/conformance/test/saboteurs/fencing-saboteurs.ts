import { setImmediate } from 'node:timers/promises'
import type { UnitResult } from '@cruster/core/ports'
import { type Saboteur, alter, alterUnits, alterTransactions, applied, watchClaims } from './alter-storage.ts'

export const ignoresEpochs: Saboteur = (inner) => {
  const { storage, newest } = watchClaims(inner)
  return alterUnits(storage, (unit) => (unit.fence === undefined ? unit : { ...unit, fence: newest(unit.fence) }))
}

export const checksEpochsBeforeWriting: Saboteur = (inner) => {
  const { storage, newest } = watchClaims(inner)
  return alter(storage, {
    commit: async (units) => {
      const stale = units.find(({ fence }) => fence !== undefined && newest(fence).epoch !== fence.epoch)
      if (stale !== undefined) return inner.commit(units)
      // Long enough for a claim to come in between.
      for (let turn = 0; turn < 3; turn++) await setImmediate()
      return inner.commit(
        units.map((unit) => (unit.fence === undefined ? unit : { ...unit, fence: newest(unit.fence) })),
      )
    },
  })
}

export const claimsBesideOpenTransactions: Saboteur = (inner) => {
  let open = 0
  const counting = alterTransactions(inner, (transaction) => {
    open++
    return {
      commit: (operations) => {
        open--
        return transaction.commit(operations)
      },
    }
  })
  return alter(counting, {
    claim: async (fences) => {
      const claiming = inner.claim(fences)
      return open === 0 ? claiming : fences.map(() => 'claimed')
    },
  })
}

export const comparesEpochsAcrossShards: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const newest = await inner.newestEpoch()
      const results = await inner.commit(units.filter(({ fence }) => fence === undefined || fence.epoch >= newest))
      let next = 0
      return units.map(({ fence }): UnitResult => {
        if (fence !== undefined && fence.epoch < newest) return { kind: 'fenced', shard: fence.shard }
        return results[next++] ?? applied
      })
    },
  })

export const grantsEveryClaim: Saboteur = (inner) =>
  alter(inner, { claim: async (fences) => (await inner.claim(fences)).map(() => 'claimed') })

export const refusesTheSameClaimAgain: Saboteur = (inner) => {
  const seen = new Set<string>()
  return alter(inner, {
    claim: async (fences) => {
      const results = await inner.claim(fences)
      return fences.map(({ shard, epoch }, index) => {
        const isSeen = seen.has(`${shard} ${epoch}`)
        seen.add(`${shard} ${epoch}`)
        return isSeen ? 'fenced' : (results[index] ?? 'fenced')
      })
    },
  })
}

export const forgetsTheNewestEpoch: Saboteur = (inner) => alter(inner, { newestEpoch: async () => 0 })

export const trustsUnclaimedEpochs: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      await inner.claim(units.flatMap(({ fence }) => (fence === undefined ? [] : [fence])))
      return inner.commit(units)
    },
  })
