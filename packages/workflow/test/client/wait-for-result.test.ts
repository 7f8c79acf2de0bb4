import { ConfigError, DeadlineExceeded, Interrupted, RunnerUnavailable } from '@cruster/core'
import type { ClientHost } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import { describe, expect, it } from 'vitest'
import type { AskResult } from '../../src/client/wait-for-result.ts'
import { waitForResult } from '../../src/client/wait-for-result.ts'
import type { ResultAnswer } from '../../src/protocol/result.ts'

const ended: ResultAnswer = { kind: 'ended', status: 'completed', exit: new Uint8Array([1]) }
/** The wait comes to the answer itself. */
const read = (answer: ResultAnswer): ResultAnswer => answer
const unavailable = new RunnerUnavailable('10.0.0.1:9000', { outcome: 'unknown' })

function scene(): { readonly clock: VirtualClock; readonly host: ClientHost } {
  const clock = new VirtualClock()
  return { clock, host: { services: { clock } } as unknown as ClientHost }
}

/** An owner that needs so long to answer each question, in virtual time. */
function owner(clock: VirtualClock, answers: readonly (ResultAnswer | Error)[]): AskResult & { questions: object[] } {
  const questions: object[] = []
  const ask: AskResult = async (question, { timeout }) => {
    questions.push({ ...question, timeout, at: clock.monotonic() })
    const answer = answers[Math.min(questions.length, answers.length) - 1]
    if (answer instanceof Error) throw answer
    if (answer?.kind === 'running') {
      await new Promise<void>((resolve) => clock.setTimer(question.waitMs, resolve))
    }
    return answer ?? ended
  }
  return Object.assign(ask, { questions })
}

async function over<T>(clock: VirtualClock, work: Promise<T>): Promise<T | Error> {
  const result = work.catch((error: unknown) => error as Error)
  await clock.advance('5 minutes')
  return result
}

describe('a wait for a result', () => {
  it('asks again in calls of at most 30 s, for as long as it takes', async () => {
    const { clock, host } = scene()
    const ask = owner(clock, [...Array.from({ length: 5 }, () => ({ kind: 'running' }) as const), ended])

    expect(await over(clock, waitForResult(host, { what: 'Order/a', ask, read }))).toBe(ended)
    expect(ask.questions).toHaveLength(6)
    expect(ask.questions[0]).toEqual({ waitMs: 20_000, timeout: 30_000, at: 0 })
    expect(clock.monotonic()).toBeGreaterThanOrEqual(100_000)
  })

  it('goes on after trouble on the way to the owner, with growing pauses', async () => {
    const { clock, host } = scene()
    const ask = owner(clock, [unavailable, unavailable, unavailable, ended])

    expect(await over(clock, waitForResult(host, { what: 'Order/a', ask, read }))).toBe(ended)
    expect(ask.questions.map((question) => (question as { at: number }).at)).toEqual([0, 50, 150, 350])
  })

  it('ends at its deadline, whose outcome is unknown', async () => {
    const { clock, host } = scene()
    const ask = owner(clock, [{ kind: 'running' }])

    const error = await over(clock, waitForResult(host, { what: 'Order/a', timeout: '25s', ask, read }))
    expect(error).toBeInstanceOf(DeadlineExceeded)
    expect(error).toMatchObject({ what: 'Order/a', timeoutMs: 25_000, outcome: 'unknown' })
    expect(ask.questions).toMatchObject([
      { waitMs: 20_000, timeout: 25_000 },
      { waitMs: 5000, timeout: 5000 },
    ])
  })

  it('ends when its signal aborts', async () => {
    const { clock, host } = scene()
    const controller = new AbortController()
    const ask = owner(clock, [{ kind: 'running' }])
    const waiting = waitForResult(host, { what: 'Order/a', signal: controller.signal, ask, read })
    controller.abort(new Error('the page was closed'))

    const error = await over(clock, waiting)
    expect(error).toBeInstanceOf(Interrupted)
    expect(error).toHaveProperty('message', expect.stringContaining('the page was closed'))
  })

  it('ends with an error that does not pass', async () => {
    const { clock, host } = scene()
    const wrong = new ConfigError('no')

    expect(await over(clock, waitForResult(host, { what: 'Order/a', ask: owner(clock, [wrong]), read }))).toBe(wrong)
  })
})
