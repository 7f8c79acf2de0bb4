import type { RequestId } from '@cruster/core'
import { TurnoverMap } from '../turnover/turnover-map.ts'
import type { Recorded } from './recorded-outcome.ts'

/** Outcomes kept per entity. A retry comes within its call's deadline, so the last ones are enough. */
const kept = 256

/** The last outcomes of an entity whose state is in memory: they live and die with it. */
export class RecentReplies {
  /** Made with the first: most entities have none. */
  #replies: TurnoverMap<RequestId, Recorded> | undefined

  get(id: RequestId): Recorded | undefined {
    return this.#replies?.get(id)
  }

  set(id: RequestId, reply: Recorded): void {
    const replies = (this.#replies ??= new TurnoverMap())
    replies.set(id, reply)
    const [oldest] = replies.keys()
    if (replies.size > kept && oldest !== undefined) replies.delete(oldest)
  }
}
