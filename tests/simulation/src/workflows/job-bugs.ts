import type { PlantedBug } from '../planted/planted-bug.ts'

const workflow = (file: string): string => `workflow/src/${file}`

/** Bugs of workflow engines. The seeds of `run-jobs.ts` have to notice each. */
export const jobBugs: readonly PlantedBug[] = [
  {
    name: 'a signal that is delivered again counts again',
    edits: [
      {
        file: workflow('engine/event-intake.ts'),
        find: '  if (recorded.handled.has(call.request.id)) return holdAgain(core, arrival)\n  if (core.isUnknown)',
        replace: '  if (core.isUnknown)',
      },
    ],
  },
  {
    name: 'the record of a step is not in its transaction',
    edits: [
      {
        file: workflow('engine/attempts.ts'),
        find: 'await recorded.writer.flushWith((operations) => tx.commit(operations), entry, sent)\n    recorded.stored(entry)',
        replace: 'await tx.commit([])\n    recorded.record(entry, sent)',
      },
    ],
  },
  {
    name: 'nothing wakes an execution whose owner dies',
    edits: [
      {
        file: workflow('engine/execution-core.ts'),
        find: '    const others = this.held.concludeOthers()\n    if (others !== undefined) return this.store(others)\n',
        replace: '',
      },
      {
        file: workflow('engine/execution-core.ts'),
        find: "    if (!this.held.isEmpty) this.recorded.writer.also(save(this.outgoing.own({ kind: 'wake' })))\n",
        replace: '',
      },
    ],
  },
  {
    name: 'what rests is not listed',
    edits: [{ file: workflow('engine/execution-core.ts'), find: '    this.listing.ensure()\n', replace: '' }],
  },
  {
    name: 'the newest signal is taken first',
    edits: [{ file: workflow('replay/arrivals.ts'), find: '?.shift()', replace: '?.pop()' }],
  },
  {
    name: 'a message starts beside one that is still being looked up',
    edits: [
      {
        file: 'sharding/src/native/native-life.ts',
        find: ' || this.#isStarting) return undefined',
        replace: ') return undefined',
      },
    ],
  },
  {
    name: 'signals are forgotten when a new run begins',
    edits: [
      {
        file: workflow('engine/progress.ts'),
        find: 'carried: run.replay.arrivals.untaken(),',
        replace: 'carried: [],',
      },
    ],
  },
  {
    name: 'a new run does not know what the one before was told',
    edits: [
      {
        file: workflow('engine/progress.ts'),
        find: 'handled: [...new Set([...recorded.recentlyHandled, ...core.held.ids])],',
        replace: 'handled: [],',
      },
    ],
  },
]
