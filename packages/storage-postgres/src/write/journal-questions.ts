import type { EntityAddress } from '@cruster/core'

interface Question {
  readonly address: EntityAddress
  readonly resolve: (isThere: boolean | undefined) => void
}

/**
 * Questions whether journals are there, which go along with a batch: an execution that begins asks while its start is being stored, and mostly
 * the answer is no. A statement of its own for that costs the server as much as the batch itself.
 */
export class JournalQuestions {
  #questions: Question[] = []

  get addresses(): readonly EntityAddress[] {
    return this.#questions.map(({ address }) => address)
  }

  /** Resolves to undefined when nobody could tell: read it then. */
  ask(address: EntityAddress): Promise<boolean | undefined> {
    return new Promise((resolve) => this.#questions.push({ address, resolve }))
  }

  /** Takes out all, to be asked with a batch. */
  takeAll(): JournalQuestions {
    const taken = new JournalQuestions()
    taken.#questions = this.#questions
    this.#questions = []
    return taken
  }

  /** Answers all with the places, among the addresses, of journals that are there. */
  answer(places: ReadonlySet<number>): void {
    for (const [place, { resolve }] of this.#questions.entries()) resolve(places.has(place))
    this.#questions = []
  }

  /** Those that are not answered have to be read. */
  giveUp(): void {
    for (const { resolve } of this.#questions) resolve(undefined)
    this.#questions = []
  }
}
