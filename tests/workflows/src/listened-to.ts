import { VirtualClock } from '@cruster/core/memory'
import type { Storage } from '@cruster/core/ports'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import { onTestFinished } from 'vitest'

/** A storage in memory, and what was asked of it so far. */
export interface Listened {
  readonly storage: Storage
  readonly clock: VirtualClock
  /** Operations of each unit, and reads. */
  readonly heard: string[]
  /** The status of each record of an execution that was to be put. */
  readonly records: string[]
}

/** A storage that is listened to about workflows. */
export async function listenedTo(): Promise<Listened> {
  const heard: string[] = []
  const records: string[] = []
  const clock = new VirtualClock()
  const storage = await openSqliteStorage({ file: ':memory:', clock })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  listen(storage, 'commit', ([units]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `commit` takes
    for (const { operations } of units as Parameters<Storage['commit']>[0]) {
      heard.push(operations.map(({ kind }) => kind).join(' '))
      for (const each of operations) if (each.kind === 'putExecution') records.push(each.record.status)
    }
  })
  for (const part of ['journals', 'executions', 'replies', 'states'] as const)
    for (const name of Object.keys(storage[part])) listen(storage[part], name, () => heard.push(`${part}.${name}`))
  listen(storage.messages, 'find', () => heard.push('messages.find'))
  return { storage, clock, heard, records }
}

function listen(part: object, name: string, hear: (values: readonly unknown[]) => void): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is a method
  const method = Reflect.get(part, name) as (...values: readonly unknown[]) => unknown
  Reflect.set(part, name, (...values: readonly unknown[]) => {
    hear(values)
    return method.call(part, ...values)
  })
}
