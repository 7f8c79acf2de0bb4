import { ConfigError } from '@cruster/core'
import { expect, it } from 'vitest'
import type { RunnerOptions } from '../../src/runner/runner-config.ts'
import { runnerConfig } from '../../src/runner/runner-config.ts'

it('fills in every default', () => {
  const config = runnerConfig()

  expect(config).toMatchObject({ shardsPerGroup: 300, callTimeoutMs: 30_000, maxIdleMs: 60_000, maxAttempts: 10 })
  expect(Object.values(config).filter((value) => typeof value !== 'number' && typeof value !== 'boolean')).toEqual([])
})

it('takes what is given', () => {
  const config = runnerConfig({ shardsPerGroup: 7, callTimeout: '2 minutes', maxIdleTime: 1500 })

  expect(config).toMatchObject({ shardsPerGroup: 7, callTimeoutMs: 120_000, maxIdleMs: 1500 })
})

const mistakes: readonly [RunnerOptions, string][] = [
  [{ shardsPerGroup: 0 }, 'shardsPerGroup must be a whole number from 1 to 65536; it is 0.'],
  [{ shardsPerGroup: 65_537 }, 'shardsPerGroup must be a whole number from 1 to 65536; it is 65537.'],
  [{ mailboxCapacity: 1.5 }, 'mailboxCapacity must be a whole number'],
  [{ maxPayloadBytes: 10 }, 'maxPayloadBytes must be a whole number from 1024'],
  [{ maxAttempts: Number.NaN }, 'maxAttempts must be a whole number'],
  [{ callTimeout: 0 }, 'callTimeout must be longer than nothing'],
  [{ sweepInterval: -1 }, 'sweepInterval'],
  [{ maxBackoff: '5 lightyears' as never }, 'maxBackoff'],
]

it.each(mistakes)('refuses %j by name', (options, message) => {
  const start = (): unknown => runnerConfig(options)

  expect(start).toThrow(ConfigError)
  expect(start).toThrow(message)
})
