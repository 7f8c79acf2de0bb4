import type { ShardId } from '@cruster/core'
import type { Clock, Logger, MessageHints, Operation, Timer, Unit, UnitResult } from '@cruster/core/ports'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Sessions, Statement } from '../session/session.ts'
import { withSession } from '../session/with-session.ts'
import { textArray } from '../write/sql-arrays.ts'
import { fromPayload, toPayloads } from './hint-payload.ts'
import { HintQueue } from './hint-queue.ts'
import type { ListenerFactory } from './listener.ts'

/**
 * How long hints are gathered. A notification takes a lock of the whole server when it commits, so it is not part of the
 * transactions that store messages, and few are sent however many messages there are.
 */
const gatherMs = 50

const notifySql = 'select pg_notify($1, payload) from unnest($2::text[]) payload'

/** How long to wait before listening again when the connection was lost. */
const retryMs = 1000

export interface NotifiedHintsParts {
  readonly names: SqlNames
  readonly sessions: Sessions
  readonly listen: ListenerFactory
  readonly clock: Clock
  readonly logger: Logger
}

/** Hints by NOTIFY: tells other processes which shards have new messages, a moment after they were stored. */
export class NotifiedHints implements MessageHints, AsyncDisposable {
  readonly #parts: NotifiedHintsParts
  readonly #channel: string
  #last = new Map<ShardId, number>()
  #timer: Timer | undefined
  #sending: Promise<void> = Promise.resolve()

  constructor(parts: NotifiedHintsParts) {
    this.#parts = parts
    this.#channel = `cruster_${parts.names.schema}`
  }

  /** Remembers what was stored, and tells the others soon. */
  note(units: readonly Unit[], results: readonly UnitResult[]): void {
    for (const [index, { operations }] of units.entries()) {
      const result = results[index]
      if (result?.kind === 'applied') this.#noteUnit(operations, result.sequences)
    }
  }

  /** Tells the others when the transaction commits in which it runs. */
  statement(last: ReadonlyMap<ShardId, number>): Required<Pick<Statement, 'text' | 'values'>> {
    return { text: notifySql, values: [this.#channel, textArray(toPayloads(last))] }
  }

  async *watch(signal: AbortSignal): AsyncIterable<ReadonlyMap<ShardId, number>> {
    const queue = new HintQueue(signal)
    const listening = this.#listen(queue, signal)
    for (let hint = await queue.next(); hint !== undefined; hint = await queue.next()) yield hint
    await listening
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel()
    await this.#sending
  }

  #noteUnit(operations: readonly Operation[], sequences: readonly number[]): void {
    // Revived messages are not announced: their shard is not known here. A sweep finds them.
    const senders = operations.filter(({ kind }) => kind === 'saveMessage' || kind === 'reviveMessage')
    for (const [index, operation] of senders.entries()) {
      if (operation.kind !== 'saveMessage') continue
      const { shard } = operation.message.address
      this.#last.set(shard, Math.max(this.#last.get(shard) ?? 0, sequences[index] ?? 0))
    }
    if (this.#last.size > 0) this.#timer ??= this.#parts.clock.setTimer(gatherMs, () => this.#send())
  }

  #send(): void {
    this.#timer = undefined
    const payloads = toPayloads(this.#last)
    this.#last = new Map()
    this.#sending = withSession(this.#parts.sessions, 'sending hints', (session) =>
      session.run({ name: 'cruster_notify', text: notifySql, values: [this.#channel, textArray(payloads)] }),
    ).then(
      () => undefined,
      // Only a hint: a sweep finds what nobody was told of.
      (error: unknown) => this.#parts.logger.log('debug', 'hints of stored messages were not sent', { error }),
    )
  }

  /** Listens until the signal aborts, on a new connection whenever one was lost. */
  async #listen(queue: HintQueue, signal: AbortSignal): Promise<void> {
    const { listen, logger, clock } = this.#parts
    while (!signal.aborted) {
      try {
        await listen(this.#channel, signal, (text) => {
          const hint = fromPayload(text)
          if (hint !== undefined) queue.add(hint)
        })
      } catch (error) {
        logger.log('warn', 'listening for hints of stored messages failed; it is tried again', { error })
      }
      await pause(clock, signal)
    }
  }
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(retryMs, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
