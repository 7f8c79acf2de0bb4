import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReceiveWindow } from '../../src/stream/receive-window.ts'

const one = (value: number): Uint8Array => Uint8Array.of(value)

const ones = (first: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => one(first + index))

describe('ReceiveWindow', () => {
  it('hands out values in order', () => {
    const window = new ReceiveWindow(4)
    window.add(0, ones(0, 2))

    expect([window.take(), window.take(), window.take()]).toEqual([one(0), one(1), undefined])
  })

  it('drops what it has already', () => {
    const window = new ReceiveWindow(8)
    window.add(0, ones(0, 3))

    expect(window.add(1, ones(1, 4))).toBe('added')

    expect(window.position).toEqual({ received: 5, last: one(4) })
  })

  it('refuses values after a gap', () => {
    const window = new ReceiveWindow(8)
    window.add(0, ones(0, 1))

    expect(window.add(2, ones(2, 1))).toBe('gap')

    expect(window.position).toEqual({ received: 1, last: one(0) })
  })

  it('remembers its position when everything is consumed', () => {
    const window = new ReceiveWindow(8)
    window.add(0, ones(0, 2))
    window.take()
    window.take()

    expect(window.position).toEqual({ received: 2, last: one(1) })
  })

  it('grants the room there is when half of it was consumed', () => {
    const window = new ReceiveWindow(4)
    window.add(0, ones(0, 4))

    window.take()
    expect(window.grantIfDue()).toBeUndefined()

    window.take()
    expect(window.grantIfDue()).toEqual({ received: 4, credit: 2 })
    expect(window.grantIfDue()).toBeUndefined()
  })

  it('never lets more than its capacity wait, and never lets both sides wait for each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.boolean(), { maxLength: 300 }), (capacity, steps) => {
        const window = new ReceiveWindow(capacity)
        const first = window.grant()
        let [sent, limit, taken] = [0, first.received + first.credit, 0]
        for (const isSending of steps) {
          if (isSending && sent < limit) window.add(sent++, [one(0)])
          if (!isSending && window.take() !== undefined) taken += 1
          const grant = window.grantIfDue()
          if (grant !== undefined) limit = grant.received + grant.credit
          expect(sent - taken).toBeLessThanOrEqual(capacity)
          if (sent === taken) expect(sent).toBeLessThan(limit)
        }
      }),
    )
  })
})
