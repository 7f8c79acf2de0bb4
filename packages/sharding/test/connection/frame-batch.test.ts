import { describe, expect, it } from 'vitest'
import { FrameBatch } from '../../src/connection/frame-batch.ts'
import { LineScene, RawSide, serverAddress } from './line-scene.ts'

const reply = (call: number, bytes = 0) => ({ kind: 'reply' as const, call, exit: new Uint8Array(bytes) })

/** A batch in front of a connection; what was sent counts frames of each send. */
class Scene extends LineScene {
  readonly sends: number[] = []

  async batch(): Promise<FrameBatch> {
    await this.server.listen(serverAddress, (connection) => void new RawSide(connection))
    const connection = await this.client.connect(serverAddress, new AbortController().signal)
    const counted = { ...connection, send: (frames: readonly unknown[]) => this.sends.push(frames.length) }
    return new FrameBatch(this.clock, counted)
  }
}

describe('FrameBatch', () => {
  it('sends the frames of a tick together', async () => {
    await using scene = new Scene()
    const batch = await scene.batch()

    batch.add(reply(1))
    batch.add(reply(2))
    expect(scene.sends).toEqual([])
    await scene.settle()
    batch.add(reply(3))
    await scene.settle()

    expect(scene.sends).toEqual([2, 1])
  })

  it('sends what waits when it is flushed, and nothing twice', async () => {
    await using scene = new Scene()
    const batch = await scene.batch()

    batch.add(reply(1))
    batch.flush()
    batch.flush()
    expect(scene.sends).toEqual([1])
    await scene.settle()

    expect(scene.sends).toEqual([1])
  })

  it('sends 512 frames at once', async () => {
    await using scene = new Scene()
    const batch = await scene.batch()

    for (let call = 1; call <= 600; call += 1) batch.add(reply(call))
    await scene.settle()

    expect(scene.sends).toEqual([512, 88])
  })

  it('keeps a batch below 256 KiB, unless one frame alone is larger', async () => {
    await using scene = new Scene()
    const batch = await scene.batch()

    for (let call = 1; call <= 5; call += 1) batch.add(reply(call, 100_000))
    batch.add(reply(6, 1_000_000))
    await scene.settle()

    expect(scene.sends).toEqual([2, 2, 1, 1])
  })
})
