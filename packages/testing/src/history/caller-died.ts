/** The process that made a call has ended, and the call with it. What became of it nobody knows. */
export class CallerDied extends Error {
  override readonly name = 'CallerDied'

  constructor(caller: string) {
    super(`${caller} has ended, and its call with it.`)
  }
}
