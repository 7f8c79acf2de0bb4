import type { Operation, UnitResult } from '@cruster/core/ports'
import type { Services } from '../runner/services.ts'
import type { InboxEntry } from './inbox-entry.ts'

interface CountHost {
  readonly services: Pick<Services, 'storage'>
  commit(units: readonly (readonly Operation[])[]): Promise<readonly UnitResult[]>
}

/**
 * Makes sure that storage has counted every delivery before this one. `gone`: the message is not pending any more. Rejects when
 * storage cannot tell; asked again, it counts no delivery twice.
 */
export async function countDeliveries(host: CountHost, entry: InboxEntry): Promise<'counted' | 'gone' | 'fenced'> {
  const counted = entry.counted ?? (await readCount(host, entry))
  if (counted === undefined) return 'gone'
  entry.counted = counted
  if (counted >= entry.deliveries - 1) return 'counted'
  // Not known until storage has answered.
  entry.counted = undefined
  const [result] = await host.commit([[{ kind: 'countAttempt', id: entry.id }]])
  if (result?.kind !== 'applied') return result?.kind === 'gone' ? 'gone' : 'fenced'
  entry.counted = counted + 1
  return 'counted'
}

async function readCount({ services }: CountHost, { id }: InboxEntry): Promise<number | undefined> {
  const record = await services.storage.messages.find(id)
  return record?.status === 'pending' ? record.message.attempts : undefined
}
