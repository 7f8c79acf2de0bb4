import { retryPolicy } from '@cruster/core'
import { expect, it } from 'vitest'
import { growingPauseMs } from '../src/context/growing-pause.ts'
import { retryPauseMs } from '../src/cron/retry-pause.ts'

const growth = { initialMs: 1000, maximumMs: 60_000, jitter: 0 }

it('doubles pauses up to the maximum', () => {
  expect([1, 2, 3, 6, 7, 50].map((count) => growingPauseMs(growth, count, 0.5))).toEqual([
    1000, 2000, 4000, 32_000, 60_000, 60_000,
  ])
})

it('doubles pauses ten times at most', () => {
  const endless = { ...growth, initialMs: 1, maximumMs: 1e9 }

  expect([11, 12, 99].map((count) => growingPauseMs(endless, count, 0))).toEqual([1024, 1024, 1024])
})

it('lengthens pauses by chance', () => {
  expect([0, 0.5, 0.999].map((random) => growingPauseMs({ ...growth, jitter: 0.2 }, 1, random))).toEqual([
    1000, 1100, 1200,
  ])
})

it('pauses before another attempt as the retry policy says', () => {
  const policy = retryPolicy({ attempts: 9, initial: '1s', factor: 3, maximum: '10s', jitter: 0 })
  const constant = retryPolicy({ attempts: 9, initial: '1s', backoff: 'constant', jitter: 0.5 })

  expect([1, 2, 3, 4].map((attempt) => retryPauseMs(policy, attempt, 0.9))).toEqual([1000, 3000, 9000, 10_000])
  expect([0, 0.5].map((random) => retryPauseMs(constant, 4, random))).toEqual([1000, 750])
})
