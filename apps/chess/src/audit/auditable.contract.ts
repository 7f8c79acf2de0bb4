import { activity, defineTrait, rpc } from '@cruster/core'

/** One thing that happened to an entity. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly action: string
  /** A player id; null for what nobody did. */
  readonly actor: string | null
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

/** Keeps a log of what happened to an entity, saved in the same commit as the happening itself. */
export const Auditable = defineTrait('Auditable', {
  state: () => ({ entries: [] as AuditEntry[] }),
  methods: {
    logPlayerAction: activity<AuditEntry & { readonly actor: string }>({ visibility: 'protected' }),
    logSystemAction: activity<Omit<AuditEntry, 'actor'>>({ visibility: 'protected' }),
    clearLog: activity({ visibility: 'protected' }),
    /** Newest first. */
    getAuditLog: rpc<{ limit: number }, readonly AuditEntry[]>(),
  },
})
