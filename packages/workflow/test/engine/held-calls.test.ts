import { requestId } from '@cruster/core'
import type { NativeCall } from '@cruster/sharding/extension'
import { concluded } from '@cruster/sharding/extension'
import { describe, expect, it } from 'vitest'
import { HeldCalls } from '../../src/engine/held-calls.ts'

function held() {
  const calls = new HeldCalls()
  const ends: string[] = []
  const add = (id: string, isPatient: boolean): void => {
    const request = { id: requestId(id), headers: {}, attempt: 1, deadline: undefined }
    const call: Pick<NativeCall, 'request' | 'conclude'> = {
      request,
      conclude: (_, options) => [{ kind: 'completeMessage', id: requestId(id), ...options }],
    }
    calls.add({
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two parts that are used
      call: call as NativeCall,
      receipt: 'accepted',
      isPatient,
      isRemembered: id === 'start',
      end: (output) => ends.push(`${id} ${output === concluded ? 'concluded' : 'answered'}`),
      fail: () => ends.push(`${id} failed`),
    })
  }
  return { calls, ends, add }
}

describe('messages that an execution holds', () => {
  it('are all concluded when it rests', () => {
    const { calls, ends, add } = held()
    add('timer', true)
    add('signal', false)
    const { operations, done } = calls.concludeAll()
    expect(operations).toHaveLength(2)
    expect(ends).toEqual([])
    done()

    expect(ends).toEqual(['timer concluded', 'signal concluded'])
    expect(calls.isEmpty).toBe(true)
  })

  it('are concluded while it runs, but for one behind which nobody waits', () => {
    const { calls, ends, add } = held()
    add('signal', false)
    add('start', true)
    add('timer', true)
    calls.concludeOthers()?.done()

    expect(ends).toEqual(['signal concluded', 'timer concluded'])
    expect(calls.ids).toEqual(['start'])
    expect(calls.isUrgent).toBe(false)
  })

  it('are forgotten by storage where the journal remembers them', () => {
    const { calls, add } = held()
    add('start', true)
    add('signal', false)

    expect(calls.concludeAll().operations).toEqual([
      { kind: 'completeMessage', id: 'start', forget: true },
      { kind: 'completeMessage', id: 'signal', forget: false },
    ])
  })

  it('cannot keep it running when somebody waits behind each', () => {
    const { calls, add } = held()
    add('signal', false)

    expect(calls.concludeOthers()).toBeUndefined()
    expect(calls.isUrgent).toBe(true)
  })

  it('that came while others were concluded stay', () => {
    const { calls, ends, add } = held()
    add('start', true)
    const { done } = calls.concludeAll()
    add('late', true)
    done()

    expect(ends).toEqual(['start concluded'])
    expect(calls.ids).toEqual(['late'])
  })

  it('are delivered again when it is given up', () => {
    const { calls, ends, add } = held()
    add('start', true)
    calls.failAll(new Error('moved'))

    expect(ends).toEqual(['start failed'])
    expect(calls.isEmpty).toBe(true)
  })
})
