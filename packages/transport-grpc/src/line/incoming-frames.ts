import type { Frame } from '@cruster/core/ports'

/** Frames that have come, for one reader: each time all that came since it last looked. After the end it gets the rest. */
export class IncomingFrames implements AsyncIterable<readonly Frame[]> {
  #frames: Frame[] = []
  #isEnded = false
  #wake = (): void => {}

  /** Does nothing after the end. */
  push(frames: readonly Frame[]): void {
    if (this.#isEnded) return
    // Not push(...frames): a long list would not fit on the stack.
    for (const frame of frames) this.#frames.push(frame)
    this.#wake()
  }

  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Frame[], void, undefined> {
    while (this.#frames.length > 0 || !this.#isEnded) {
      if (this.#frames.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
      const batch = this.#frames
      this.#frames = []
      if (batch.length > 0) yield batch
    }
  }
}
