import type { StreamPosition } from '@cruster/core/ports'
import type { OpenCall, ReplySink } from '../../src/connection/endpoint.ts'
import type { StreamSource } from '../../src/stream/stream-source.ts'

/** Everything that is on its way in one direction, in order. */
export class Way {
  readonly #steps: (() => void)[] = []

  put(step: () => void): void {
    this.#steps.push(step)
  }

  /** Lets the next one arrive. */
  deliver(): void {
    this.#steps.shift()?.()
  }
}

/**
 * Lines between the reader and the source of one stream, on which things arrive when the test says so. A broken line
 * loses what is on its way; the source hears of it when the news arrives, which may be long after the reader is back.
 */
export class ShakyLine {
  readonly toReader = new Way()
  readonly toSource = new Way()
  /** On which the source hears of broken lines. */
  readonly news = new Way()
  readonly #source: () => StreamSource
  #line = 0
  #sink: ReplySink | undefined
  #calls: (OpenCall | undefined)[] = []

  constructor(source: () => StreamSource) {
    this.#source = source
  }

  readonly open = (position: StreamPosition, credit: number, sink: ReplySink): OpenCall => {
    this.#line += 1
    const line = this.#line
    const isUp = (): boolean => this.#line === line && this.#sink === sink
    this.#sink = sink
    const send = (step: (call: OpenCall | undefined) => void): void =>
      this.toSource.put(() => {
        if (isUp()) step(this.#calls[line])
      })
    const back = (step: () => void): void => {
      this.toReader.put(() => {
        if (isUp()) step()
      })
    }
    const farSink: ReplySink = {
      chunk: (sequence, values) => back(() => sink.chunk(sequence, values)),
      reply: (exit) => back(() => sink.reply(exit)),
      notMine: (address, owner) => back(() => sink.notMine(address, owner)),
      broken: (reason, sent) => back(() => sink.broken(reason, sent)),
    }
    send(() => {
      const call = this.#source().attach(farSink, { received: position.received, credit })
      if (call === 'lost') back(() => sink.broken(new Error('lost'), true))
      else this.#calls[line] = call
    })
    return {
      cancel: () => send((call) => call?.cancel()),
      credit: (received, more) => send((call) => call?.credit(received, more)),
      disconnect: () => undefined,
    }
  }

  /** Cuts the line: the reader knows at once. */
  break(): void {
    const sink = this.#sink
    if (sink === undefined) return
    const line = this.#line
    this.#sink = undefined
    this.news.put(() => this.#calls[line]?.disconnect())
    sink.broken(new Error('line cut'), true)
  }
}
