import { describe, expect, it } from 'vitest'
import { SharedSessions } from '../../src/session/shared-sessions.ts'
import type { Session } from '../../src/session/session.ts'

/** Sessions that note how they were given back. */
function sessions() {
  const released: string[] = []
  let acquired = 0
  const acquire = async (): Promise<Session> => {
    const number = ++acquired
    return {
      run: async () => ({ rows: [{ number }], affected: 0 }),
      runTogether: async () => [],
      cancel: async () => undefined,
      release: (state) => released.push(`${number} ${state}`),
    }
  }
  return { released, shared: new SharedSessions({ acquire }) }
}

const numberOf = async (session: Session): Promise<unknown> => (await session.run({ text: '' })).rows[0]?.['number']

describe('a shared session', () => {
  it('is one for all who have it at the same time, and is given back by the last', async () => {
    const { released, shared } = sessions()

    const [one, other] = await Promise.all([shared.acquire(), shared.acquire()])
    expect(await Promise.all([numberOf(one), numberOf(other)])).toEqual([1, 1])
    one.release('usable')
    expect(released).toEqual([])
    other.release('usable')
    expect(released).toEqual(['1 usable'])

    expect(await numberOf(await shared.acquire())).toBe(2)
  })

  it('is lent to nobody else when somebody calls it broken', async () => {
    const { released, shared } = sessions()
    const [one, other] = await Promise.all([shared.acquire(), shared.acquire()])

    one.release('broken')
    const next = await shared.acquire()
    expect(await numberOf(next)).toBe(2)
    other.release('usable')

    expect(released).toEqual(['1 broken'])
    next.release('usable')
    expect(released).toEqual(['1 broken', '2 usable'])
  })

  it('is asked for again after one could not be had', async () => {
    let isDown = true
    const { shared: working } = sessions()
    const shared = new SharedSessions({
      acquire: () => (isDown ? Promise.reject(new Error('too many connections')) : working.acquire()),
    })

    const failed = await Promise.allSettled([shared.acquire(), shared.acquire()])
    isDown = false

    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await numberOf(await shared.acquire())).toBe(1)
  })
})
