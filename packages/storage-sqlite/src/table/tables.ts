import type { SqliteConnection } from '../sqlite-connection.ts'
import { ExecutionTable } from './execution-table.ts'
import { JournalTable } from './journal-table.ts'
import { MessageTable } from './message-table.ts'
import { ReplyTable } from './reply-table.ts'
import { ShardTable } from './shard-table.ts'
import { StateTable } from './state-table.ts'

/** The framework's tables, with every statement that writes them prepared. */
export interface Tables {
  readonly executions: ExecutionTable
  readonly journals: JournalTable
  readonly messages: MessageTable
  readonly replies: ReplyTable
  readonly shards: ShardTable
  readonly states: StateTable
}

export function openTables(connection: SqliteConnection): Tables {
  return {
    executions: new ExecutionTable(connection),
    journals: new JournalTable(connection),
    messages: new MessageTable(connection),
    replies: new ReplyTable(connection),
    shards: new ShardTable(connection),
    states: new StateTable(connection),
  }
}
