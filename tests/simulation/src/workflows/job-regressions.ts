/** Seeds of workflows that once broke a promise, each with what was wrong. Seeds before a change of the scenarios mean nothing after it. */
export const jobRegressions: readonly (readonly [seed: number, sentence: string])[] = [
  [194, 'a process that had lost its place in the cluster died of an error when an execution of its was to be woken'],
  [293413221, 'a signal was overtaken while it was looked up, because the message before it had turned out to be over'],
  [293413648, 'several signals overtook one whose look-up took longest'],
]
