import type { Frame } from '@cruster/core/ports'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FrameBatch } from '../../src/gen/cruster/v1/transport.ts'
import type { Frame as WireFrame } from '../../src/gen/cruster/v1/transport.ts'
import { decodeBatch, encodeBatch, goodbye } from '../../src/wire/frame-batch.ts'
import { anyFrame } from './frames.ts'
import { goldenFrames } from './golden-frames.ts'

const written = (...frames: WireFrame[]): Uint8Array => FrameBatch.encode({ frames, closing: false }).finish()

it('reads any frames as they were written', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 5 }), (frames) => {
      expect(decodeBatch(encodeBatch(frames))).toEqual({ frames, closing: false })
    }),
  )
})

it('reads batches that are laid end to end as one batch', () => {
  fc.assert(
    fc.property(fc.array(anyFrame), fc.array(anyFrame), (first, second) => {
      const joined = Buffer.concat([encodeBatch(first), encodeBatch(second), goodbye])

      expect(decodeBatch(joined)).toEqual({ frames: [...first, ...second], closing: true })
    }),
  )
})

it.each(goldenFrames)('writes and reads the bytes of the first release: $kind', (frame, hex) => {
  const bytes = Buffer.from(hex, 'hex')

  expect(Buffer.from(encodeBatch([frame]))).toEqual(bytes)
  expect(decodeBatch(bytes).frames).toEqual([frame])
})

it('gives bytes that are no Buffer, whose slices would share memory', () => {
  const [frame] = decodeBatch(Buffer.from(encodeBatch([{ kind: 'reply', call: 1, exit: Uint8Array.of(1, 2) }]))).frames

  expect(frame?.kind === 'reply' && Object.getPrototypeOf(frame.exit)).toBe(Uint8Array.prototype)
})

it.each<[what: string, message: Uint8Array]>([
  ['bytes that are no protobuf', Uint8Array.of(0xff, 0xff, 0xff)],
  ['a frame that is cut off', encodeBatch([{ kind: 'reply', call: 1, exit: new Uint8Array(9) }]).subarray(0, 8)],
  ['a frame of a newer kind', Uint8Array.of(0x0a, 0x03, 0x7a, 0x01, 0x00)],
  ['a frame of no kind', written({ kind: undefined })],
  [
    'a number beyond those that are exact',
    Uint8Array.from([0x0a, 0x0d, 0x3a, 0x0b, 0x08, ...Array<number>(9).fill(0xff), 1]),
  ],
  [
    'an epoch of 0',
    written({ kind: { $case: 'notMine', value: { call: 1, shard: 'a:1', owner: { address: '', epoch: 0 } } } }),
  ],
])('refuses %s', (_what, message) => {
  expect(() => decodeBatch(message)).toThrow(expect.objectContaining({ code: 'CODEC' }))
})

it.each<[what: string, changes: { origin?: 0; address?: undefined }]>([
  ['from nowhere', { origin: 0 }],
  ['to no entity', { address: undefined }],
])('refuses a request %s', (_what, changes) => {
  const [golden = ''] = goldenFrames.filter(([{ kind }]) => kind === 'request').map(([, hex]) => hex)
  const [frame] = FrameBatch.decode(Buffer.from(golden, 'hex')).frames
  if (frame?.kind?.$case !== 'request') expect.unreachable()
  const damaged = written({ kind: { $case: 'request', value: { ...frame.kind.value, ...changes } } })

  expect(() => decodeBatch(damaged)).toThrow(expect.objectContaining({ code: 'CODEC' }))
})

it.each([0.5, -1, Number.NaN, 2 ** 64])('does not write %d as the number of a call', (call) => {
  const frame: Frame = { kind: 'cancel', call }

  expect(() => encodeBatch([frame])).toThrow(expect.objectContaining({ code: 'CODEC' }))
})
