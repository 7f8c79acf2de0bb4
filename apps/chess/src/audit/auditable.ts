import type { AuditEntry } from './auditable.contract.ts'
import { Auditable } from './auditable.contract.ts'

/** Enough for a game of fifty moves; older entries make room. */
const capacity = 100

export const auditable = Auditable.implement({
  logPlayerAction({ state }, entry) {
    append(state.entries, entry)
  },
  logSystemAction({ state }, entry) {
    append(state.entries, { ...entry, actor: null })
  },
  clearLog({ state }) {
    state.entries = []
  },
  getAuditLog: ({ state }, { limit }) => state.entries.toReversed().slice(0, limit),
})

function append(entries: AuditEntry[], entry: AuditEntry): void {
  entries.push(entry)
  if (entries.length > capacity) entries.shift()
}
