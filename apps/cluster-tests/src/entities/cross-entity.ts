import { activity, defineEntity, rpc } from '@cruster/core'

/** A message that one entity has from another. */
export interface CrossMessage {
  readonly from_entity: string
  readonly content: string
  readonly timestamp: string
}

/** Entities that talk to each other. */
export const CrossEntity = defineEntity('CrossEntity', {
  state: () => ({ messages: [] as CrossMessage[] }),
  methods: {
    send: rpc<{ to: string; message: string }, null>(),
    receive: rpc<{ from: string; message: string }, null>({ persisted: true }),
    messages: rpc<void, readonly CrossMessage[]>(),
    clear: rpc<void, null>({ persisted: true }),
    pingPong: rpc<{ partner: string; count: number }, number>({ timeout: '60s' }),
    ping: rpc<void, number>(),
    keep: activity<{ from: string; message: string }>({ visibility: 'private' }),
    forget: activity({ visibility: 'private' }),
  },
})

export const crossEntity = CrossEntity.implement({
  send: ({ id, client }, { to, message }) => client(CrossEntity).get(to).receive({ from: id, message }),
  receive: async ({ self, request }, message) => {
    await self.keep(message, { idempotencyKey: request.id })
    return null
  },
  messages: ({ state }) => state.messages,
  clear: async ({ self, request }) => {
    await self.forget(undefined, { idempotencyKey: request.id })
    return null
  },
  pingPong: async ({ client, self }, { partner, count }) => {
    let calls = 0
    for (let round = 0; round < count; round += 1) {
      calls += await client(CrossEntity).get(partner).ping()
      calls += await self.ping()
    }
    return calls
  },
  ping: () => 1,
  keep: ({ state }, { from, message }) => {
    state.messages.push({ from_entity: from, content: message, timestamp: new Date().toISOString() })
  },
  forget: ({ state }) => {
    state.messages = []
  },
})
