import type { PlantedBug } from './planted-bug.ts'

const sharding = (file: string): string => `sharding/src/${file}`

/** Bugs of the kinds that runtimes like this one have had. Each is planted in a process of its own. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'the fence is not checked',
    edits: [
      {
        file: 'storage-sqlite/src/table/shard-table.ts',
        find: "return row !== undefined && numberOf(row, 'epoch') === fence.epoch",
        replace: 'return row !== undefined',
      },
    ],
  },
  {
    name: 'an epoch is given out twice',
    edits: [
      {
        file: 'core/src/memory/memory-cluster.ts',
        find: 'epoch((this.#lastEpochs.get(shard) ?? this.#afterEpoch) + 1)',
        replace: 'epoch(this.#lastEpochs.get(shard) ?? this.#afterEpoch + 1)',
      },
    ],
  },
  {
    name: 'the reply comes before the commit',
    edits: [
      {
        file: sharding('entity/record.ts'),
        find: "  job.phase = 'committing'\n",
        replace: "  job.phase = 'committing'\n  job.end({ kind: 'exit', exit })\n",
      },
    ],
  },
  {
    name: 'a waiter is registered after the check',
    edits: [
      {
        file: sharding('entity/entity-instance.ts'),
        find: '    await this.cell.settled()\n    return this.host.services.storage.begin(',
        replace:
          '    if (!this.cell.isSettled) {\n      await sleep(this.host.services.clock, 1)\n      await this.cell.settled()\n    }\n    return this.host.services.storage.begin(',
      },
      {
        file: sharding('entity/entity-instance.ts'),
        find: '    try {\n      await this.cell.settled()',
        replace: '    try {\n      if (!this.cell.isSettled) await this.cell.settled()',
      },
      {
        file: sharding('entity/state-cell.ts'),
        find: '    if (this.isSettled) return\n',
        replace: '',
      },
    ],
  },
  {
    name: 'the reply is not recorded',
    edits: [
      {
        file: sharding('entity/record.ts'),
        find: 'return [reply]',
        replace: 'return []',
      },
      {
        file: sharding('entity/record.ts'),
        find: '?? []), reply]',
        replace: '?? [])]',
      },
    ],
  },
  {
    name: 'a repetition is answered by its own run',
    edits: [
      {
        file: sharding('entity/record.ts'),
        find: 'exit: await exitOfFirst(run, { ...result, exit: result.exit ?? exit })',
        replace: 'exit',
      },
      {
        file: sharding('entity/run-job.ts'),
        find: 'job.lookup ? await recordedExit(owner, job) : undefined',
        replace: 'false ? await recordedExit(owner, job) : undefined',
      },
    ],
  },
  {
    name: 'a timer is lost on hand-over',
    edits: [
      {
        file: sharding('delivery/shard-inbox.ts'),
        find: 'this.#take(message, atClaim && message.dueInMs === 0)',
        replace: 'this.#take(atClaim && message.dueInMs > 0 ? { ...message, dueInMs: 1e9 } : message, atClaim)',
      },
    ],
  },
  {
    name: 'a draft is seen before its commit',
    edits: [
      {
        file: sharding('entity/run.ts'),
        find: '(this.#draft ?? this.owner.cell.committed.value)[part]',
        replace: '(this.#draft ?? this.owner.cell.working.value)[part]',
      },
    ],
  },
  {
    name: '"not mine" is taken for a failure',
    edits: [
      {
        file: sharding('routing/routed-call.ts'),
        find: '    this.#hint = owner\n    this.#open = undefined\n',
        replace:
          "    this.#hint = owner\n    this.#open = undefined\n    if (owner === undefined) return this.broken(new RunnerUnavailable('x', { outcome: 'not-started' }), true)\n",
      },
      {
        file: sharding('routing/routed-call.ts'),
        find: 'if (!sent || this.#isRepeatable) return this.#pause()',
        replace: 'if (!sent) return this.#pause()',
      },
    ],
  },
  {
    name: 'a gap of sequences is ignored',
    edits: [
      {
        file: sharding('delivery/inbox-loader.ts'),
        find: 'if (this.#atClaim || this.#loading !== undefined || sequence !== this.#seen + 1) {',
        replace: 'if (sequence <= this.#seen) {',
      },
    ],
  },
  {
    name: 'a unit does not say on which state it was built',
    edits: [
      {
        file: sharding('entity/state-cell.ts'),
        find: "operations: built ? [{ kind: 'expectState', address: this.#address, version }] : []",
        replace: 'operations: built ? [] : []',
      },
    ],
  },
  {
    name: 'a cancelled message is delivered',
    edits: [
      {
        file: sharding('delivery/shard-inbox.ts'),
        find: "await this.#host.commit([[{ kind: 'cancelMessage', id }]])\n    if (result?.kind === 'fenced')",
        replace: "[{ kind: 'applied' }] as readonly UnitResult[]\n    if (result?.kind === 'fenced')",
      },
    ],
  },
  {
    name: 'the deadline of the lease is ignored',
    edits: [
      {
        file: sharding('runner/member.ts'),
        find: 'return this.#life?.guard.isCertain ?? false',
        replace: 'return this.#life !== undefined',
      },
    ],
  },
  {
    name: 'deliveries are not counted',
    edits: [
      {
        file: sharding('delivery/shard-inbox.ts'),
        find: 'if (entry.deliveries === 1) return this.#start(entry)',
        replace: 'if (entry.deliveries >= 1) return this.#start(entry)',
      },
    ],
  },
  {
    name: 'a stream that is taken up again starts over',
    edits: [
      {
        file: sharding('entity/open-stream.ts'),
        find: 'if (resume === undefined || resume.received === 0) return undefined',
        replace: 'if (resume !== undefined) return undefined',
      },
    ],
  },
  {
    name: 'messages leave before the commit that sends them',
    edits: [
      {
        file: sharding('client/routed-client.ts'),
        find: 'if (this.#scope.outbox === undefined) await this.#store(target, prepared, message)',
        replace: 'if (this.#scope !== undefined) await this.#store(target, prepared, message)',
      },
    ],
  },
  {
    name: 'a runner that lost its lease keeps its shards',
    edits: [
      {
        file: sharding('ownership/shard-state.ts'),
        find: "return isOpen(state) ? to(free, 'abandon') : to(free)",
        replace: 'return to(free)',
      },
    ],
  },
  {
    name: 'a later attempt speaks for an earlier one',
    edits: [
      {
        file: sharding('routing/routed-call.ts'),
        find: 'this.#isUncertain ? honestExit(exit) : exit',
        replace: 'this.#isUncertain ? exit : exit',
      },
    ],
  },
  {
    name: 'an inquiry gives up a round too early',
    edits: [
      {
        file: sharding('delivery/inquiry.ts'),
        find: 'round < 3',
        replace: 'round < 2',
      },
    ],
  },
  {
    name: 'a repeated cancellation looks again',
    edits: [
      {
        file: sharding('delivery/shard-inbox.ts'),
        find: 'if (underWay !== undefined) return underWay',
        replace: 'if (underWay !== undefined) return Promise.resolve(false)',
      },
    ],
  },
  {
    name: 'the wall clock of a sender decides when a message is due',
    edits: [
      {
        file: sharding('delivery/shard-inbox.ts'),
        find: 'if (message.deliverAt !== undefined) {',
        replace: 'if (message.sequence < 0) {',
      },
    ],
  },
]
