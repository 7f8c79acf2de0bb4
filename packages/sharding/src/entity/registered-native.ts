import { ConfigError } from '@cruster/core'
import type { NativeEntity } from '../extension/native-entity.ts'
import type { RunnerConfig } from '../runner/runner-config.ts'
import type { RegisteredNative } from './registered-entity.ts'

/** @throws ConfigError for a contract that a native entity cannot have. */
export function registerNative(native: NativeEntity, config: RunnerConfig): RegisteredNative {
  const { contract } = native
  const { settings } = contract
  for (const [name, { kind }] of Object.entries(contract.methods)) {
    if (kind === 'stream' || kind === 'workflow')
      throw new ConfigError(`${contract.name}.${name} is a ${kind}; native entities have rpcs and activities.`)
  }
  const concurrency = settings.concurrency ?? Infinity
  return {
    kind: 'native',
    native,
    contract,
    name: contract.name,
    methods: new Map(Object.entries(contract.methods).map(([name, method]) => [name, { name, method }])),
    maxIdleMs: settings.maxIdleMs ?? config.maxIdleMs,
    mailboxCapacity: settings.mailboxCapacity ?? config.mailboxCapacity,
    streamCapacity: 0,
    concurrency,
    storedConcurrency: concurrency,
  }
}
