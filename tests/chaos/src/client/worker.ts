import { setTimeout as sleep } from 'node:timers/promises'
import { Account, accountIds } from '../bank/contract.ts'
import type { ClientMessage, ClientTask, Transfer } from './client-message.ts'
import { Tallying } from './tallying.ts'
import type { Means } from './transferring.ts'
import { tryTransfer } from './transferring.ts'

/** An open transfer, and whether any attempt may have had an effect. */
export interface OpenTransfer {
  readonly transfer: Transfer
  readonly mayHaveHappened: boolean
}

/** One caller among several of a client: does one thing after the other until it is told to finish. */
export class Worker {
  readonly #name: string
  readonly #task: ClientTask
  readonly #means: Means
  readonly #say: (message: ClientMessage) => Promise<void>
  readonly #open: OpenTransfer[]
  readonly #accounts: readonly string[]
  readonly #tallying: Tallying
  #begun = 0

  constructor(
    options: { readonly name: string; readonly task: ClientTask; readonly open: readonly Transfer[] },
    means: Means,
    say: (message: ClientMessage) => Promise<void>,
  ) {
    this.#name = options.name
    this.#task = options.task
    this.#means = means
    this.#say = say
    // What a predecessor left behind may have happened in part.
    this.#open = options.open.map((transfer) => ({ transfer, mayHaveHappened: true }))
    this.#accounts = accountIds(options.task.accounts)
    this.#tallying = new Tallying(`tally of ${options.name}`, means)
  }

  async work(finish: AbortSignal): Promise<void> {
    const { dice } = this.#means
    while (!finish.aborted) {
      await this.#one()
      await sleep(dice.between(0, 25))
    }
    while (this.#open.length > 0) {
      await this.#resolveOne()
      await sleep(100)
    }
  }

  async #one(): Promise<void> {
    const { dice } = this.#means
    const drawn = dice.between(0, 1)
    if (this.#open.length > 0 && drawn < 0.2) return this.#resolveOne()
    if (drawn < 0.5) return this.#transfer('message')
    if (drawn < 0.75) return this.#transfer('steps')
    return drawn < 0.9 ? this.#tallying.add(() => this.#tellTally()) : this.#tallying.read()
  }

  async #transfer(style: Transfer['style']): Promise<void> {
    const { dice } = this.#means
    const from = dice.pick(this.#accounts) ?? ''
    const to = dice.pick(this.#accounts.filter((account) => account !== from)) ?? ''
    const transfer = { id: `${this.#name} ${++this.#begun}`, style, from, to, amount: dice.whole(1, 50) }
    await this.#say({ kind: 'begun', transfer })
    await this.#attempt({ transfer, mayHaveHappened: false })
    if (this.#task.doubles && dice.chance(0.1)) await this.#double(transfer)
  }

  async #resolveOne(): Promise<void> {
    const next = this.#open.shift()
    if (next !== undefined) await this.#attempt(next)
  }

  async #attempt({ transfer, mayHaveHappened }: OpenTransfer): Promise<void> {
    const state = await tryTransfer(this.#means, transfer)
    if (state === 'open') this.#open.push({ transfer, mayHaveHappened: true })
    // "Not started" speaks for this attempt alone.
    else if (state === 'notStarted' && mayHaveHappened) this.#open.push({ transfer, mayHaveHappened })
    else await this.#say({ kind: 'ended', transfer: transfer.id, state })
  }

  /** The same order under another key: for the cluster another one. */
  async #double(transfer: Transfer): Promise<void> {
    const account = this.#means.client(Account).get(transfer.from)
    await account
      .transfer({ transfer: transfer.id, to: transfer.to, amount: transfer.amount })
      .catch(() => 'that it did not work this time is no matter')
  }

  #tellTally(): void {
    const { id, atLeast, atMost } = this.#tallying
    void this.#say({ kind: 'tally', id, atLeast, atMost })
  }
}
