import { describe, expect, it } from 'vitest'
import { encode } from '../../src/codec/codec.ts'
import { CodecError } from '../../src/error/codec-error.ts'
import { decodeError, encodeError } from '../../src/error/error-registry.ts'
import { MailboxFull } from '../../src/error/mailbox-full.ts'
import { decodeExit, encodeExit } from '../../src/message/exit.ts'

describe('an exit', () => {
  it('carries the bytes of a success as they are, behind two bytes of its own', () => {
    const bytes = encodeExit({ kind: 'success', value: new Uint8Array([7, 8, 9]) })

    expect([...bytes]).toEqual([1, 0, 7, 8, 9])
    expect(decodeExit(bytes)).toEqual({ kind: 'success', value: new Uint8Array([7, 8, 9]) })
  })

  it('carries an empty success', () => {
    expect(decodeExit(encodeExit({ kind: 'success', value: new Uint8Array() }))).toEqual({
      kind: 'success',
      value: new Uint8Array(),
    })
  })

  it('carries a failure so that the same error can be thrown on the other side', () => {
    const exit = decodeExit(encodeExit({ kind: 'failure', error: encodeError(new MailboxFull('Counter/a', 10)) }))

    expect(exit.kind === 'failure' && decodeError(exit.error)).toEqual(new MailboxFull('Counter/a', 10))
  })

  it('keeps the bytes that version 1 has written once', () => {
    const bytes = encodeExit({ kind: 'failure', error: { family: 'remote', name: 'E', message: 'm' } })

    expect(Buffer.from(bytes).toString('hex')).toBe(
      '01010183a666616d696c79a672656d6f7465a46e616d65a145a76d657373616765a16d',
    )
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['a newer version', Uint8Array.of(2, 0)],
    ['an unknown kind', Uint8Array.of(1, 2)],
    ['a failure cut short', Uint8Array.of(1, 1)],
    ['a failure that is no error', Uint8Array.of(1, 1, ...encode({ family: 'other' }))],
    [
      'a failure with a wrong field',
      Uint8Array.of(1, 1, ...encode({ family: 'remote', name: 'E', message: 'm', outcome: 'maybe' })),
    ],
  ])('is refused when the bytes are %s', (_, bytes) => {
    expect(() => decodeExit(bytes)).toThrow(CodecError)
  })
})
