import { activity, defineEntity, defineTrait, rpc } from '@cruster/core'

/** What was done to an entity. */
export interface AuditEntry {
  readonly id: string
  readonly action: string
  readonly actor: string
  readonly timestamp: string
  readonly details: string
}

/** Keeps a log of what was done. */
export const Auditable = defineTrait('Auditable', {
  state: () => ({ entries: [] as AuditEntry[] }),
  methods: {
    getAuditLog: rpc<void, readonly AuditEntry[]>(),
    logAudit: activity<{ action: string; details: string }>({ visibility: 'protected' }),
  },
})

/** Counts changes. */
export const Versioned = defineTrait('Versioned', {
  state: () => ({ version: 0 }),
  methods: {
    getVersion: rpc<void, number>(),
    raiseVersion: activity<void, number>({ visibility: 'protected' }),
  },
})

export const TraitTest = defineEntity('TraitTest', {
  traits: [Auditable, Versioned],
  state: () => ({ data: '' }),
  methods: {
    get: rpc<void, string>(),
    update: rpc<string, null>({ persisted: true }),
    write: activity<string>({ visibility: 'private' }),
  },
})

const auditable = Auditable.implement({
  getAuditLog: ({ state }) => state.entries,
  logAudit: ({ state, request, id }, { action, details }) => {
    const timestamp = new Date().toISOString()
    state.entries.push({
      id: `${id}-${state.entries.length + 1}-${request.id}`,
      action,
      actor: 'system',
      timestamp,
      details,
    })
  },
})

const versioned = Versioned.implement({
  getVersion: ({ state }) => state.version,
  raiseVersion: ({ state }) => (state.version += 1),
})

export const traitTest = TraitTest.implement(
  {
    get: ({ state }) => state.data,
    update: async ({ self, request }, data) => {
      await self.write(data, { idempotencyKey: request.id })
      return null
    },
    // The entity's state and those of both traits are committed together.
    write: async ({ state, self }, data) => {
      state.data = data
      await self.logAudit({ action: 'update', details: data })
      await self.raiseVersion()
    },
  },
  { traits: [auditable, versioned] },
)
