import type { ExecutionReader, JournalReader, PutExecution, Storage, StoredExecution } from '@cruster/core/ports'
import { type Saboteur, alter, alterOperations, applied, alterTransactions, alterUnits } from './alter-storage.ts'

const without = <Value extends object, Key extends keyof Value>(value: Value, key: Key): Omit<Value, Key> => {
  const { [key]: _left, ...rest } = value
  return rest
}

const alterJournals = (inner: Storage, changes: Partial<JournalReader>): Storage => {
  const { journals } = inner
  return alter(inner, {
    journals: { read: (query) => journals.read(query), size: (address) => journals.size(address), ...changes },
  })
}

const alterExecutions = (inner: Storage, changes: Partial<ExecutionReader>): Storage => {
  const { executions } = inner
  return alter(inner, {
    executions: {
      find: (address) => executions.find(address),
      list: (query) => executions.list(query),
      count: (filter) => executions.count(filter),
      ...changes,
    },
  })
}

const alterFound = (inner: Storage, change: (found: StoredExecution) => StoredExecution): Storage =>
  alterExecutions(inner, {
    find: async (address) => {
      const found = await inner.executions.find(address)
      return found === undefined ? undefined : change(found)
    },
  })

const alterPuts = (inner: Storage, change: (record: PutExecution['record']) => PutExecution['record']): Storage =>
  alterOperations(inner, (operation) =>
    operation.kind === 'putExecution' ? [{ ...operation, record: change(operation.record) }] : [operation],
  )

export const addsToJournalsAnywhere: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const results = []
      for (const unit of units) {
        const operations = []
        for (const operation of unit.operations) {
          if (operation.kind !== 'appendJournal') operations.push(operation)
          else operations.push({ ...operation, position: (await inner.journals.size(operation.address)) + 1 })
        }
        results.push(...(await inner.commit([{ ...unit, operations }])))
      }
      return results
    },
  })

export const checksJournalsBeforeTheCommit: Saboteur = (inner) =>
  alter(inner, {
    commit: async (units) => {
      const stale = await Promise.all(
        units.map(async ({ operations }) => {
          const append = operations.find(({ kind }) => kind === 'appendJournal')
          if (append?.kind !== 'appendJournal' || operations[0] !== append) return undefined
          const isStale = (await inner.journals.size(append.address)) !== append.position - 1
          return isStale ? ({ kind: 'stale', address: append.address } as const) : undefined
        }),
      )
      if (units.length === 1) return inner.commit(units)
      const results = await inner.commit(
        units.map((unit, index) => (stale[index] ? { ...unit, operations: [] } : unit)),
      )
      return results.map((result, index) => stale[index] ?? result)
    },
  })

export const letsManyWin: Saboteur = (inner) => {
  let running = 0
  return alter(inner, {
    commit: async (units) => {
      running++
      const isBusy = running > 1
      const results = await inner.commit(units)
      running--
      return results.map((result) => (isBusy && result.kind === 'stale' ? applied : result))
    },
  })
}

export const losesJournalsOfTransactions: Saboteur = (inner) =>
  alterTransactions(inner, (transaction) => ({
    commit: (operations) => transaction.commit(operations.filter(({ kind }) => kind !== 'appendJournal')),
  }))

export const readsJournalsFromTheStart: Saboteur = (inner) =>
  alterJournals(inner, { read: (query) => inner.journals.read({ ...query, after: 0 }) })

export const forgetsLongJournals: Saboteur = (inner) =>
  alterJournals(inner, { size: async (address) => Math.min(1000, await inner.journals.size(address)) })

export const truncatesNothing: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'truncateJournal' && operation.position > 0 ? [] : [operation],
  )

export const losesEmptyEntries: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'appendJournal'
      ? [
          {
            ...operation,
            entries: operation.entries.map((entry) => (entry.byteLength === 0 ? new Uint8Array(1) : entry)),
          },
        ]
      : [operation],
  )

export const takesJournalsFromAnybody: Saboteur = (inner) => {
  let fence: Parameters<Storage['claim']>[0][number] | undefined
  const watched = alter(inner, {
    claim: (fences) => {
      fence = fences.at(-1)
      return inner.claim(fences)
    },
  })
  return alterUnits(watched, (unit) =>
    fence !== undefined && unit.operations.some(({ kind }) => kind === 'appendJournal' || kind === 'truncateJournal')
      ? { ...unit, fence }
      : unit,
  )
}

export const takesRecordsFromAnybody: Saboteur = (inner) => {
  let fence: Parameters<Storage['claim']>[0][number] | undefined
  const watched = alter(inner, {
    claim: (fences) => {
      fence = fences.at(-1)
      return inner.claim(fences)
    },
  })
  return alterUnits(watched, (unit) =>
    fence !== undefined && unit.operations.some(({ kind }) => kind === 'putExecution') ? { ...unit, fence } : unit,
  )
}

export const forgetsParents: Saboteur = (inner) => alterFound(inner, (found) => ({ ...found, parent: undefined }))

export const tellsTheLastChangeForTheEnd: Saboteur = (inner) =>
  alterFound(inner, (found) => (found.endedAt === undefined ? found : { ...found, endedAt: found.updatedAt }))

export const leavesJournalsOfTheDeleted: Saboteur = (inner) =>
  alterOperations(inner, (operation) =>
    operation.kind === 'deleteExecution'
      ? [{ kind: 'putExecution', address: operation.address, record: deletedRecord }]
      : [operation],
  )

const deletedRecord: PutExecution['record'] = { workflow: '', version: 1, status: 'cancelled', startedAt: 0 }

export const cutsNotesAtNul: Saboteur = (inner) =>
  alterPuts(inner, (record) => ({ ...record, note: record.note?.split('\0')[0] }))

export const ignoresStatusFilters: Saboteur = (inner) =>
  alterExecutions(inner, {
    list: (query) => inner.executions.list(without(query, 'status')),
    count: (filter) => inner.executions.count(without(filter, 'status')),
  })

export const countsAllExecutions: Saboteur = (inner) =>
  alterExecutions(inner, { count: () => inner.executions.count({}) })

export const cursorsKnowMomentsOnly: Saboteur = (inner) =>
  alterExecutions(inner, {
    list: (query) =>
      inner.executions.list(
        query.after === undefined ? query : { ...query, after: { ...query.after, type: '', id: '' } },
      ),
  })

export const cursorsCountRows: Saboteur = (inner) => {
  const offsets = new Map<string, number>()
  return alterExecutions(inner, {
    list: async ({ after, ...query }) => {
      const from = after === undefined ? 0 : offsets.get(after.type + after.id)
      if (from === undefined) return inner.executions.list({ ...query, ...(after === undefined ? {} : { after }) })
      const page = (await inner.executions.list({ ...query, limit: from + query.limit })).slice(from)
      for (const [index, { address }] of page.entries()) offsets.set(address.type + address.id, from + index + 1)
      return page
    },
  })
}

export const prunesNoExecutions: Saboteur = (inner) => alterPuts(inner, (record) => without(record, 'retainMs'))

export const prunesExecutionsWithoutLimit: Saboteur = (inner) =>
  alter(inner, {
    prune: async (limit) => {
      const result = await inner.prune(limit)
      let { executions } = result
      for (let more = executions; more > 0; executions += more) more = (await inner.prune(1000)).executions
      return { ...result, executions }
    },
  })

export const keepsExecutionsTooShort: Saboteur = (inner) =>
  alterPuts(inner, (record) => (record.retainMs === undefined ? record : { ...record, retainMs: record.retainMs / 10 }))

export const countsRetentionFromTheStart: Saboteur = (inner) => {
  const seen = new Set<string>()
  return alterOperations(inner, (operation) => {
    if (operation.kind !== 'putExecution' || operation.record.retainMs !== 400) return [operation]
    const isFirst = !seen.has(operation.address.id)
    seen.add(operation.address.id)
    return [isFirst ? operation : { ...operation, record: { ...operation.record, retainMs: 50 } }]
  })
}
