import { decode } from '@cruster/core'
import type { AuditedMessage, History, Operation, Simulation, Violation } from '@cruster/testing'
import { entityOf } from '@cruster/testing'
import { Inbox } from '../entities.ts'

/** What an inbox has taken: acknowledged messages once, others at most once, in the order in which they were stored. */
export function checkInbox(history: History, simulation: Simulation): readonly Violation[] {
  return [...history.byEntity(Inbox)].flatMap(([entity, operations]) => {
    const list = finalList(operations)
    const say = (check: string, message: string): Violation => ({
      check,
      message: `${entity}: ${message}`,
      about: entity,
    })
    if (list === undefined) return [say('read afterwards', 'could not be read')]
    const puts = operations.filter(({ method }) => method === 'put')
    const messages = simulation.messages.filter(({ address }) => entityOf(address) === entity)
    return [
      ...list
        .filter((item, at) => list.indexOf(item) !== at)
        .map((item) => say('exactly once', `${item} was taken twice`)),
      ...puts.flatMap((put) => checkPut(put, { list, operations, messages }).map((text) => say('exactly once', text))),
      ...checkOrder(list, messages).map((text) => say('first in, first out', text)),
      ...checkStreams(list, operations).map((text) => say('streams', text)),
    ]
  })
}

function finalList(operations: readonly Operation[]): readonly string[] | undefined {
  const { outcome } = operations.findLast(({ method }) => method === 'list') ?? {}
  return outcome?.kind === 'returned' ? (outcome.value as readonly string[]) : undefined
}

interface Taken {
  readonly list: readonly string[]
  readonly operations: readonly Operation[]
  readonly messages: readonly AuditedMessage[]
}

function checkPut(put: Operation, { list, operations }: Taken): readonly string[] {
  const item = String(put.input)
  const isTaken = list.includes(item)
  if (put.outcome.kind === 'refused') return isTaken ? [`${item} was refused, and taken`] : []
  if (put.outcome.kind !== 'returned') return []
  if (put.kind !== 'schedule') return isTaken ? [] : [`${item} was acknowledged, and is not there`]
  const id = put.outcome.value
  const cancels = operations.filter(({ kind, input }) => kind === 'cancel' && input === id)
  const isCancelled = cancels.some(({ outcome }) => outcome.kind === 'returned' && outcome.value === true)
  if (isCancelled) return isTaken ? [`${item} was cancelled, and taken`] : []
  const mayBeCancelled = cancels.some(({ outcome }) => outcome.kind === 'unknown')
  return isTaken || mayBeCancelled ? [] : [`${item} was scheduled and not cancelled, and is not there`]
}

/** Messages that were due at once run in the order of their sequences. */
function checkOrder(list: readonly string[], messages: readonly AuditedMessage[]): readonly string[] {
  const stored = messages
    .filter(({ deliverAt, end }) => deliverAt === undefined && end === 'completed')
    .toSorted((one, other) => one.sequence - other.sequence)
    .map(({ payload }) => String(decode(payload)))
  const taken = list.filter((item) => stored.includes(item))
  const wrong = taken.findIndex((item, at) => item !== stored.filter((each) => taken.includes(each))[at])
  return wrong < 0 ? [] : [`${taken[wrong]} was taken before others that were stored earlier`]
}

/** A reader sees every value once and in order. */
function checkStreams(list: readonly string[], operations: readonly Operation[]): readonly string[] {
  return operations
    .filter(({ kind, values }) => kind === 'stream' && values.some((value, at) => value !== list[at]))
    .map(
      ({ index, values }) =>
        `stream #${index} saw ${JSON.stringify(values)}, but the values are ${JSON.stringify(list)}`,
    )
}
