import type { ErrorData, RetryOptions } from '@cruster/core'
import { ConfigError, ShuttingDown, encodeError, retryPolicy } from '@cruster/core'
import { describe, expect, it } from 'vitest'
import { retryAfterMs } from '../../src/engine/retry-decision.ts'

const declined: ErrorData = { family: 'declared', name: 'Declined', message: 'no', code: 'E_DECLINED' }

function pauses(options: RetryOptions, error: ErrorData = declined): readonly (number | undefined)[] {
  const policy = retryPolicy(options)
  const once = { error, firstBegunAt: 0, now: 0, random: 0.5 }
  return [1, 2, 3, 4, 5].map((attempt) => retryAfterMs(policy, { ...once, attempt }))
}

describe('after a failed attempt', () => {
  it('there is no other one without a policy', () => {
    expect(retryAfterMs(undefined, { error: declined, attempt: 1, firstBegunAt: 0, now: 0, random: 0 })).toBeUndefined()
  })

  it('the pause grows up to its maximum, until the attempts are used up', () => {
    expect(pauses({ attempts: 5, initial: 100, factor: 3, maximum: 500, jitter: 0 })).toEqual([
      100,
      300,
      500,
      500,
      undefined,
    ])
  })

  it('the pause stays the same when it is to', () => {
    expect(pauses({ attempts: 4, backoff: 'constant', initial: 70, jitter: 0 })).toEqual([
      70,
      70,
      70,
      undefined,
      undefined,
    ])
  })

  it('chance shortens the pause by a part', () => {
    expect(pauses({ attempts: 2, initial: 1000, jitter: 0.4 })[0]).toBe(800)
  })

  it.each([['by name', 'Declined'] as const, ['by code', 'E_DECLINED'] as const])(
    'an error that is named %s is final',
    (_, name) => {
      expect(pauses({ attempts: 5, nonRetryable: [name] })[0]).toBeUndefined()
      expect(pauses({ attempts: 5, nonRetryable: ['Other'] })[0]).toBeDefined()
    },
  )

  it('an error that says that the program is wrong is final, one of the surroundings is not', () => {
    expect(pauses({ attempts: 5 }, encodeError(new ConfigError('wrong')))[0]).toBeUndefined()
    expect(pauses({ attempts: 5 }, encodeError(new ShuttingDown()))[0]).toBeDefined()
  })

  it('no attempt begins when the time for all of them would be over', () => {
    const policy = retryPolicy({ attempts: 9, initial: 100, jitter: 0, giveUpAfter: 1000 })
    const failed = { error: declined, attempt: 1, firstBegunAt: 5000, random: 0 }

    expect(retryAfterMs(policy, { ...failed, now: 5900 })).toBe(100)
    expect(retryAfterMs(policy, { ...failed, now: 5901 })).toBeUndefined()
  })
})
