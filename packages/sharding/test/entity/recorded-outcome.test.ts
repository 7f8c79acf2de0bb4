import { decodeError, decodeExit, requestDigest, requestId, shardId } from '@cruster/core'
import { expect, it } from 'vitest'
import { isSameRequest, repeatedExit, replyDigest } from '../../src/entity/recorded-outcome.ts'

const exit = new Uint8Array([1, 2, 3])
const address = { shard: shardId('default', 1), type: 'Counter', id: 'a' }
const elsewhere = { ...address, id: 'b' }
const plain = { id: requestId('123'), address, method: 'add' }
const keyed = { ...plain, id: requestId('kABC'), digest: requestDigest('add', new Uint8Array([1])) }

function codeOf(answer: Uint8Array): string {
  const decoded = decodeExit(answer)
  return decoded.kind === 'failure' ? decodeError(decoded.error).name : decoded.kind
}

it('gives a repetition what was recorded for it', () => {
  expect(repeatedExit(plain, { address, digest: replyDigest(plain), exit })).toBe(exit)
  expect(repeatedExit(keyed, { address, digest: replyDigest(keyed), exit })).toBe(exit)
})

it('believes the id when there is nothing else, as in what older versions recorded', () => {
  expect(repeatedExit(plain, { exit })).toBe(exit)
  expect(repeatedExit(plain, { address, digest: undefined, exit })).toBe(exit)
})

it('lets who asks by the id of a key, without its input, have the outcome', () => {
  expect(repeatedExit({ ...keyed, digest: undefined }, { address, digest: keyed.digest, exit })).toBe(exit)
})

it.each([
  ['of another entity', { address: elsewhere, digest: replyDigest(plain), exit }],
  ['of another method', { address, digest: replyDigest({ ...plain, method: 'subtract' }), exit }],
])('does not give away an outcome %s under the same id', (_, recorded) => {
  expect(codeOf(repeatedExit(plain, recorded))).toBe('Interrupted')
})

it('calls another input under one key a conflict', () => {
  const recorded = { address, digest: requestDigest('add', new Uint8Array([2])), exit }

  expect(codeOf(repeatedExit(keyed, recorded))).toBe('IdempotencyConflict')
})

it('tells requests with one id apart by entity and method', () => {
  expect(isSameRequest(plain, { ...plain })).toBe(true)
  expect(isSameRequest(plain, { ...plain, address: elsewhere })).toBe(false)
  expect(isSameRequest(plain, { ...plain, method: 'subtract' })).toBe(false)
})
