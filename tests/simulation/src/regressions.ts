/** Seeds that once broke a promise, each with what was wrong. Seeds before a change of the scenarios mean nothing after it. */
export const regressions: readonly (readonly [seed: number, sentence: string])[] = [
  [64, 'an owner hears of its commit later than storage: a read in between does not see it'],
  [382, 'deliveries that an outage of storage repeated were counted each time, until the message was given up'],
  [455, 'entities on a slow storage leave memory too'],
  [607, 'a wall clock that was set back far makes no ids, and says so'],
  [917, 'the calls of a process that is held end when it goes on'],
  [934, 'a message was given up because counts whose answers were lost were made again'],
  [1182, 'a stored call of a runner that was stopping claimed not to have been started'],
  [4301, 'a message was given up because the transactions of its handler could not be opened during outages'],
]
