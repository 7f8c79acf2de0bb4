import type { AnyEntity } from '@cruster/core'
import type { History, SequentialModel, Violation } from '@cruster/testing'
import { counterModel, linearizability, queueModel, registerModel } from '@cruster/testing'
import { Counter, Queue, Register } from '../entities.ts'
import { mergeKeyed } from './merge-keyed.ts'

/** Registers, counters and queues behave as if their operations came one after the other. */
export function checkLinearizable(history: History): readonly Violation[] {
  return [
    ...checkType(history, Register, registerModel),
    ...checkType(history, Counter, counterModel),
    ...checkType(history, Queue, queueModel),
  ]
}

/** How many histories could not be decided, over all runs of this process. */
export const undecided = { count: 0 }

function checkType<State>(history: History, type: AnyEntity, model: SequentialModel<State>): readonly Violation[] {
  return [...history.byEntity(type)].flatMap(([entity, operations]) => {
    const verdict = linearizability(mergeKeyed(operations), model)
    if (verdict === 'undecided') undecided.count += 1
    if (verdict !== 'violated') return []
    return [{ check: 'linearizable', message: `no order explains what callers of ${entity} saw`, about: entity }]
  })
}
