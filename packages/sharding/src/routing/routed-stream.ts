import type { StopSignal } from '@cruster/core'
import { ConfigError, DeadlineExceeded, Interrupted, entityKey } from '@cruster/core'
import type { ReplySink, Request } from '../connection/endpoint.ts'
import { closedCall } from '../shard/job-call.ts'
import { StreamReader } from '../stream/stream-reader.ts'
import type { CallerServices } from './routed-call.ts'
import { RetryPauses } from './retry-pause.ts'

export interface StreamWork {
  readonly request: Request
  readonly signal: StopSignal | undefined
  readonly decode: (value: Uint8Array) => unknown
  /** The error that an exit stands for; undefined for success. */
  readonly failure: (exit: Uint8Array) => unknown
}

/**
 * A stream from its first value to its end, over as many lines and owners as that takes. The timeout of the request is
 * how long the stream may be without an owner, not how long it may last.
 */
export class RoutedStream implements AsyncIterable<unknown> {
  readonly #services: CallerServices
  readonly #work: StreamWork
  #isRead = false

  constructor(services: CallerServices, work: StreamWork) {
    this.#services = services
    this.#work = work
  }

  /** @throws ConfigError the second time: a stream has one reader. */
  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    if (this.#isRead) throw new ConfigError('A stream has one reader. Call the method again for another stream.')
    this.#isRead = true
    const { request, signal, decode, failure } = this.#work
    const troubles = new Troubles(this.#services, request)
    const reader = new StreamReader<unknown>({
      open: (resume, credit, sink) => {
        const route = this.#services.router.route(request.address.shard)
        troubles.opened(route?.epoch ?? 0)
        if (route !== undefined) return route.endpoint.open({ ...request, resume, credit }, troubles.watch(sink))
        sink.notMine(request.address, undefined)
        return closedCall
      },
      retry: () => troubles.pause(),
      decode,
      failure,
    })
    const abort = (): void => {
      reader.abort(new Interrupted(`${entityKey(request.address)} ${request.method}`, { outcome: 'unknown' }))
    }
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
    const leave = this.#services.router.enter(abort)
    return finallyDo(reader[Symbol.asyncIterator](), () => {
      leave()
      signal?.removeEventListener('abort', abort)
    })
  }
}

/** The same iterator, which also says when it is done, by whoever's doing. */
function finallyDo<Value>(iterator: AsyncIterator<Value>, done: () => void): AsyncIterator<Value> {
  const watched = async (step: Promise<IteratorResult<Value>>): Promise<IteratorResult<Value>> => {
    try {
      const result = await step
      if (result.done === true) done()
      return result
    } catch (error) {
      done()
      throw error
    }
  }
  return {
    next: () => watched(iterator.next()),
    return: () => watched(iterator.return?.() ?? Promise.resolve({ done: true, value: undefined })),
  }
}

/** Counts how long a stream has been without an owner. */
class Troubles {
  readonly #services: CallerServices
  readonly #request: Request
  readonly #pauses = new RetryPauses()
  #since: number | undefined
  #openedAt = 0

  constructor(services: CallerServices, request: Request) {
    this.#services = services
    this.#request = request
  }

  /** Values end the trouble. */
  watch(sink: ReplySink): ReplySink {
    return {
      reply: (exit) => sink.reply(exit),
      notMine: (address, owner) => sink.notMine(address, owner),
      broken: (reason, sent) => sink.broken(reason, sent),
      chunk: (sequence, values) => {
        this.#over()
        sink.chunk(sequence, values)
      },
    }
  }

  /** An owner is being asked, under this epoch. */
  opened(epoch: number): void {
    this.#pauses.asks(epoch)
    this.#openedAt = this.#services.clock.monotonic()
  }

  async pause(): Promise<void> {
    const { clock, random, router } = this.#services
    const now = clock.monotonic()
    const pauseMs = this.#pauses.nextMs(random)
    // An owner that served for longer than that was one, even if there was nothing to send.
    if (now - this.#openedAt > pauseMs) this.#over()
    this.#since ??= now
    const { address, method, timeoutMs } = this.#request
    const { shard } = address
    if (now - this.#since >= timeoutMs) {
      throw new DeadlineExceeded(`${entityKey(address)} ${method}`, timeoutMs, { outcome: 'unknown' })
    }
    await new Promise<void>((resolve) => router.wait(pauseMs, resolve, shard))
  }

  #over(): void {
    this.#pauses.restart()
    this.#since = undefined
  }
}
