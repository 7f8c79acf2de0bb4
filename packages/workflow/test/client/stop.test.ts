import { describe, expect, it } from 'vitest'
import { stopBeside } from '../../src/client/stop.ts'

describe.each([
  ['alone', undefined],
  ['beside a signal', new AbortController().signal],
])('what stops a wait, %s', (_, beside) => {
  it('tells its listeners once, and for the first reason', () => {
    const stop = stopBeside(beside)
    const told: unknown[] = []
    const listener = (): void => {
      told.push(stop.signal.reason)
    }
    stop.signal.addEventListener('abort', listener, { once: true })
    const before = stop.signal.aborted
    stop.abort('first')
    stop.abort('second')

    expect({ before, after: stop.signal.aborted, told }).toEqual({ before: false, after: true, told: ['first'] })
  })

  it('does not tell who has stopped to listen', () => {
    const stop = stopBeside(beside)
    const told: string[] = []
    const gone = (): void => {
      told.push('gone')
    }
    stop.signal.addEventListener('abort', gone)
    stop.signal.addEventListener('abort', () => {
      told.push('there')
    })
    stop.signal.removeEventListener('abort', gone)
    stop.abort(new Error('enough'))

    expect(told).toEqual(['there'])
  })
})

describe('what stops a wait beside a signal', () => {
  it('stops when the signal does', () => {
    const controller = new AbortController()
    const stop = stopBeside(controller.signal)
    controller.abort('the page was closed')

    expect(stop.signal).toMatchObject({ aborted: true, reason: 'the page was closed' })
  })
})
