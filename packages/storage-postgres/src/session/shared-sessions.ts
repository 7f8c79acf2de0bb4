import type { Session, Sessions } from './session.ts'

/** A session in use, and by how many. */
interface Lent {
  readonly session: Promise<Session>
  users: number
  isBroken: boolean
}

/**
 * One session for all who need one at the same time. Their statements follow each other on the connection, each sent without
 * waiting for the one before, so the server finds the next when it is done with the last. For single statements only: in a
 * transaction one would see the other's work.
 *
 * A session that one of its users calls broken is lent to nobody else, and given back when the last of them is done.
 */
export class SharedSessions implements Pick<Sessions, 'acquire'> {
  readonly #sessions: Pick<Sessions, 'acquire'>
  #lent: Lent | undefined

  constructor(sessions: Pick<Sessions, 'acquire'>) {
    this.#sessions = sessions
  }

  async acquire(): Promise<Session> {
    const lent = (this.#lent ??= { session: this.#sessions.acquire(), users: 0, isBroken: false })
    lent.users++
    try {
      const session = await lent.session
      return {
        run: (statement) => session.run(statement),
        runTogether: (statements) => session.runTogether(statements),
        cancel: () => session.cancel(),
        release: (state) => this.#giveBack(lent, session, state),
      }
    } catch (error) {
      this.#forget(lent)
      throw error
    }
  }

  #giveBack(lent: Lent, session: Session, state: 'usable' | 'broken'): void {
    lent.users--
    lent.isBroken ||= state === 'broken'
    if (lent.isBroken || lent.users === 0) this.#forget(lent)
    if (lent.users === 0) session.release(lent.isBroken ? 'broken' : 'usable')
  }

  #forget(lent: Lent): void {
    if (this.#lent === lent) this.#lent = undefined
  }
}
