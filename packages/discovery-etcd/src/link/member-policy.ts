import type { IDefaultPolicyContext } from 'cockatiel'
import { NoopPolicy } from 'cockatiel'
import type { MemberHealth } from './member-health.ts'

/** Has the client ask the health of a member before each call, and tell it how the call went. */
export class MemberPolicy extends NoopPolicy {
  readonly #health: MemberHealth
  readonly #member: string

  constructor(health: MemberHealth, member: string) {
    super()
    this.#health = health
    this.#member = member
  }

  override execute<T>(call: (context: IDefaultPolicyContext) => PromiseLike<T> | T, signal?: AbortSignal): Promise<T> {
    return this.#health.call(this.#member, () => super.execute(call, signal))
  }
}
