import type { Socket } from 'node:net'

interface Chunk {
  readonly dueAt: number
  readonly bytes: Buffer
}

/** How much may be under way when things take long; then the sender waits, as on a real network. */
const mostUnderWay = 64

/** Moves what one socket receives to another, later or not at all when told so. Where one ends, so does the other. */
export class TcpPump {
  /** How long everything takes. */
  delayMs = 0
  readonly #from: Socket
  readonly #to: Socket
  readonly #underWay: Chunk[] = []
  #isHeld = false
  #isOver = false
  #timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket) {
    this.#from = from
    this.#to = to
    from.on('data', (bytes: Buffer) => this.#take(bytes))
    from.once('close', () => {
      this.#isOver = true
      this.#flush()
    })
    to.on('drain', () => this.#flush())
    to.once('close', () => {
      this.#underWay.length = 0
      clearTimeout(this.#timer)
    })
  }

  /** Whether nothing passes, the end of the connection included. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  set isHeld(isHeld: boolean) {
    this.#isHeld = isHeld
    this.#flush()
  }

  #take(bytes: Buffer): void {
    this.#underWay.push({ dueAt: performanceNow() + this.delayMs, bytes })
    this.#flush()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    while (this.#mayMove) {
      const [next] = this.#underWay
      if (next === undefined) break
      const inMs = next.dueAt - performanceNow()
      if (inMs > 0) {
        // oxlint-disable-next-line no-restricted-globals -- it stands between processes, whose clock is the real one
        this.#timer = setTimeout(() => this.#flush(), inMs)
        break
      }
      this.#to.write(next.bytes)
      this.#underWay.shift()
    }
    this.#pauseOrResume()
    if (this.#isOver && !this.#isHeld && this.#underWay.length === 0) this.#to.destroySoon()
  }

  get #mayMove(): boolean {
    return !this.#isHeld && !this.#to.writableNeedDrain
  }

  #pauseOrResume(): void {
    if (this.#isHeld || this.#underWay.length >= mostUnderWay) this.#from.pause()
    else this.#from.resume()
  }
}

function performanceNow(): number {
  // oxlint-disable-next-line no-restricted-properties -- it stands between processes, whose clock is the real one
  return performance.now()
}
