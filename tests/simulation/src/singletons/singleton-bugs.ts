import type { PlantedBug } from '../planted/planted-bug.ts'

const singleton = (file: string): string => `singleton/src/${file}`

/** Bugs of singletons and schedules. The seeds of `run-singletons.ts` have to notice each. */
export const singletonBugs: readonly PlantedBug[] = [
  {
    // Each of these alone keeps former owners out.
    name: 'nothing refuses what a singleton writes when its shard has gone',
    edits: [
      {
        file: singleton('singleton/guarded-writes.ts'),
        find: '    if (this.isClosed || this.#scope.signal.aborted) throw new Fenced(this.#scope.fence.shard)\n',
        replace: '',
      },
      {
        file: singleton('singleton/guarded-writes.ts'),
        find: 'AbortSignal.any([signal, this.#scope.signal])',
        replace: 'new AbortController().signal',
      },
      {
        file: singleton('singleton/guarded-writes.ts'),
        find: 'if (!signal.aborted) return transaction',
        replace: 'if (signal !== undefined) return transaction',
      },
      {
        file: 'sharding/src/shard/fenced-units.ts',
        find: '    if (this.#closed) return Promise.reject(',
        replace: '    if (this.#closed && this.#host === undefined) return Promise.reject(',
      },
      {
        file: 'sharding/src/shard/fenced-units.ts',
        find: '    if (this.#closed) throw ',
        replace: '    if (this.#closed && this.#host === undefined) throw ',
      },
      {
        file: 'storage-sqlite/src/table/shard-table.ts',
        find: "return row !== undefined && numberOf(row, 'epoch') === fence.epoch",
        replace: 'return row !== undefined',
      },
    ],
  },
  {
    name: 'a singleton that has failed is not started again',
    edits: [
      {
        file: singleton('singleton/life.ts'),
        find: "return to({ ...state, phase: 'resting' }, { kind: 'rest', failures: state.failures })",
        replace: "return to({ ...state, phase: 'resting' })",
      },
    ],
  },
  {
    name: 'the end of a run of a schedule is not stored with what it wrote',
    edits: [
      {
        file: singleton('cron/attempt.ts'),
        find: 'return this.#tx.commit(operations)',
        replace: 'return (await this.#tx.commit([]), this.#options.scope.commit(operations))',
      },
    ],
  },
  {
    name: 'a schedule forgets what it has decided',
    edits: [
      {
        file: singleton('cron/reduce-schedule.ts'),
        find: '  draft.decided(decision.cursor)\n',
        replace: '',
      },
    ],
  },
]
