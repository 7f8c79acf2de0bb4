import type {
  AppendJournal,
  ExecutionName,
  ExecutionQuery,
  ExecutionRecord,
  Operation,
  PutExecution,
  Storage,
  StoredExecution,
} from '@cruster/core/ports'
import { address, bytes, textIn } from './storage-samples.ts'

export const append = (id: string, position: number, ...entries: readonly string[]): AppendJournal => ({
  kind: 'appendJournal',
  address: address(id),
  position,
  entries: entries.map(bytes),
})

export const truncate = (id: string, position: number): Operation => ({
  kind: 'truncateJournal',
  address: address(id),
  position,
})

/** The record of a running execution, but for the parts that are given. */
export const record = (parts: Partial<ExecutionRecord> = {}): ExecutionRecord => ({
  workflow: 'ProcessOrder',
  version: 1,
  status: 'running',
  startedAt: 1000,
  ...parts,
})

export const putExecution = (id: string, parts: Partial<ExecutionRecord> = {}): PutExecution => ({
  kind: 'putExecution',
  address: address(id),
  record: record(parts),
})

export const deleteExecution = (id: string): Operation => ({ kind: 'deleteExecution', address: address(id) })

/** All entries of a journal, as text. */
export async function journalOf(storage: Storage, id: string): Promise<readonly (string | undefined)[]> {
  const entries = await storage.journals.read({ address: address(id), after: 0, limit: 1000 })
  return entries.map(textIn)
}

export const findExecution = (storage: Storage, id: string): Promise<StoredExecution | undefined> =>
  storage.executions.find(address(id))

export async function listedIds(
  storage: Storage,
  query: Omit<ExecutionQuery, 'limit'> & { readonly limit?: number } = {},
): Promise<readonly string[]> {
  return (await storage.executions.list({ limit: 100, ...query })).map((execution) => execution.address.id)
}

/** Where a page that ends with this execution goes on. */
export const behind = ({
  address: { type, id },
  startedAt,
}: StoredExecution): ExecutionName & {
  readonly startedAt: number
} => ({ type, id, startedAt })
