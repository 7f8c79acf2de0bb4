import { activity, defineEntity, rpc } from '@cruster/core'

type Change =
  | { readonly kind: 'set'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'clear' }

/** JSON values by key, in the order in which the keys came. */
export const KVStore = defineEntity('KVStore', {
  state: () => ({ entries: [] as (readonly [key: string, value: unknown])[] }),
  methods: {
    get: rpc<string, unknown>(),
    keys: rpc<void, readonly string[]>(),
    set: rpc<{ key: string; value: unknown }, null>({ persisted: true }),
    delete: rpc<string, boolean>({ persisted: true }),
    clear: rpc<void, null>({ persisted: true }),
    change: activity<Change, boolean>({ visibility: 'private' }),
  },
})

export const kvStore = KVStore.implement({
  get: ({ state }, key) => state.entries.find(([known]) => known === key)?.[1] ?? null,
  keys: ({ state }) => state.entries.map(([key]) => key),
  set: async ({ self, request }, { key, value }) => {
    await self.change({ kind: 'set', key, value }, { idempotencyKey: request.id })
    return null
  },
  delete: ({ self, request }, key) => self.change({ kind: 'delete', key }, { idempotencyKey: request.id }),
  clear: async ({ self, request }) => {
    await self.change({ kind: 'clear' }, { idempotencyKey: request.id })
    return null
  },
  change: ({ state }, change) => {
    if (change.kind === 'clear') state.entries = []
    if (change.kind === 'clear') return true
    const index = state.entries.findIndex(([key]) => key === change.key)
    if (change.kind === 'delete') return index >= 0 && state.entries.splice(index, 1).length > 0
    state.entries.splice(index < 0 ? state.entries.length : index, 1, [change.key, change.value])
    return true
  },
})
