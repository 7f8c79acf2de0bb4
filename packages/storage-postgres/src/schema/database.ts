import type { MessageStatus } from '@cruster/core/ports'

/** The columns of messages that are read and filtered by, for Kysely. */
interface MessagesTable {
  readonly position: number
  readonly id: string
  readonly shard: string
  readonly sequence: number
  readonly type: string
  readonly entity: string
  readonly method: string
  readonly payload: Uint8Array
  readonly digest: Uint8Array | null
  readonly headers: string
  readonly trace: string | null
  readonly deliver_at: number | null
  readonly one_way: boolean
  readonly retain_ms: number
  readonly attempts: number
  readonly stored_at: number
  readonly status: MessageStatus
  readonly died_at: number | null
  readonly expires_at: number | null
}

interface RepliesTable {
  readonly id: string
  readonly exit: Uint8Array
}

/** The tables as Kysely sees them. */
export interface Database {
  readonly messages: MessagesTable
  readonly replies: RepliesTable
}
