/** How an execution ended. */
export type Ending =
  { readonly kind: 'completed'; readonly output: string } | { readonly kind: 'failed'; readonly message: string }

/** What must be true of an execution when it is over. */
export interface Expected {
  readonly ending: Ending
  /** Steps with an effect, of the execution and of its children, as `execution: step`; each once. */
  readonly effects: readonly string[]
}

const completed = (output: string): Ending => ({ kind: 'completed', output })

interface Rule {
  readonly ending: (execution: string) => Ending
  readonly steps: readonly string[]
  readonly children?: readonly string[]
}

const rules = {
  Order: { ending: () => completed('shipped'), steps: ['reserve', 'charge', 'ship'] },
  Naps: { ending: () => completed('awake'), steps: ['nap 1', 'nap 2', 'nap 3'] },
  Family: {
    ending: (id) => completed(`${id}-one played, ${id}-two played`),
    steps: ['gather'],
    children: ['one', 'two'],
  },
  Approval: { ending: () => completed('1 then 2'), steps: ['approved 1', 'approved 2'] },
  Saga: {
    ending: () => ({ kind: 'failed', message: 'the payment is refused' }),
    steps: ['book flight', 'book hotel', 'cancel hotel', 'cancel flight'],
  },
  Stubborn: { ending: () => completed('done'), steps: ['at last'] },
} satisfies Record<string, Rule>

/** A kind of workflow that the load starts. */
export type Kind = keyof typeof rules

export const kinds = Object.keys(rules) as readonly Kind[]

/** What an execution of this kind comes to, whatever happens to the runners. */
export function expectedOf(kind: Kind, execution: string): Expected {
  const { ending, steps, children = [] }: Rule = rules[kind]
  return {
    ending: ending(execution),
    effects: [
      ...steps.map((step) => `${execution}: ${step}`),
      ...children.map((child) => `${execution}-${child}: play`),
    ],
  }
}
