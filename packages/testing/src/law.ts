/** One checkable promise of a port. */
export interface Law<Port> {
  /** As in the port's documentation, for example `ST3`. Titles of tests begin with it. */
  readonly id: string
  readonly title: string
  /** Rejects when the promise is broken. */
  check(port: Port): Promise<void>
}

/** An implementation of a port, as a conformance suite sees it. */
export interface Subject<Port extends AsyncDisposable> {
  readonly name: string
  /** Opens an empty instance; called once per law. */
  open(): Promise<Port>
  /** Laws that this implementation is known to break, by id, each with the reason. Shown as skipped. */
  readonly knownGaps?: Readonly<Record<string, string>>
}

/** Checks one law on a fresh instance. Rejects when it is broken. */
export async function checkLaw<Port extends AsyncDisposable>(subject: Subject<Port>, law: Law<Port>): Promise<void> {
  await using port = await subject.open()
  await law.check(port)
}

/** Ids of the laws that an implementation breaks, in the order of the list. Known gaps are checked as well. */
export async function brokenLaws<Port extends AsyncDisposable>(
  subject: Subject<Port>,
  laws: readonly Law<Port>[],
): Promise<string[]> {
  const broken: string[] = []
  for (const law of laws) {
    try {
      await checkLaw(subject, law)
    } catch {
      // Which law, not why: to see why, run it through describeLaws.
      broken.push(law.id)
    }
  }
  return broken
}
