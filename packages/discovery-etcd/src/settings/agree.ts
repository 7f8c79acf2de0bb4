import type { ClusterSettings, SettingsResult } from '@cruster/core/ports'
import { DiscoveryError } from '@cruster/core'
import type { Registry } from '../membership/registration.ts'
import { isAbsent } from '../registry/comparison.ts'

/** Proposes settings to the cluster; the first that were ever proposed stay. */
export async function agree({ link, keys }: Registry, settings: ClusterSettings): Promise<SettingsResult> {
  const key = keys.settings
  const answer = await link.transact('agreeing on the settings of the cluster', {
    compare: [isAbsent(key)],
    success: [{ request_put: { key, value: Buffer.from(JSON.stringify(settings)) } }],
    failure: [{ request_range: { key } }],
  })
  if (answer.succeeded) return { kind: 'agreed' }
  return compare(settings, parseSettings(answer.responses[0]?.response_range.kvs[0]?.value, key))
}

function compare(settings: ClusterSettings, cluster: ReadonlyMap<string, string | number>): SettingsResult {
  const names = new Set([...cluster.keys(), ...Object.keys(settings)])
  const setting = [...names].find((name) => cluster.get(name) !== settings[name])
  return setting === undefined ? { kind: 'agreed' } : { kind: 'differs', setting, cluster: cluster.get(setting) }
}

function parseSettings(value: Buffer | undefined, key: Buffer): ReadonlyMap<string, string | number> {
  try {
    const fields: unknown = JSON.parse(value?.toString() ?? '')
    if (typeof fields === 'object' && fields !== null) return new Map(Object.entries(fields))
  } catch {
    // Refused below, as what is JSON but no settings.
  }
  throw new DiscoveryError(
    `The key ${key.toString()} in etcd does not hold the settings of a cluster. Nothing was changed. Somebody has ` +
      'overwritten it: delete it while no member of the cluster runs, or use another prefix.',
  )
}
