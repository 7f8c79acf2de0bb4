import { decode } from '@msgpack/msgpack'
import { expect, test } from 'vitest'
import { FrameReader, frameOf } from '../src/workloads/frames.ts'

test('frames come out as they went in, however the stream is cut', () => {
  const values = [{ id: 1, text: 'a' }, 'x'.repeat(500), [1, 2, 3]]
  const bytes = Buffer.concat(values.map(frameOf))
  for (const size of [1, 3, 7, 100, bytes.length]) {
    const reader = new FrameReader()
    const read: unknown[] = []
    for (let at = 0; at < bytes.length; at += size) {
      read.push(...reader.read(bytes.subarray(at, at + size)).map((body) => decode(body)))
    }
    expect(read).toEqual(values)
  }
})
