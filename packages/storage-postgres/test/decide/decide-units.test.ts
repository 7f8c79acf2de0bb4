import { requestId } from '@cruster/core'
import type { Unit } from '@cruster/core/ports'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AssumedFacts } from '../../src/decide/assumed-facts.ts'
import { decideUnits, toUnitResult, type Decision } from '../../src/decide/decide-units.ts'
import type { Facts } from '../../src/decide/facts.ts'
import { address, bytes, fence, putState, saveMessage, saveReply } from '../samples.ts'
import { MapFacts } from './map-facts.ts'
import { contents, units } from './units.ts'

const owned = new MapFacts({ epochs: { [fence(1).shard]: 1 } })
const unit = (...operations: Unit['operations']): Unit => ({ fence: fence(1), operations })
const kinds = ({ verdicts }: Decision): readonly string[] => verdicts.map(({ kind }) => kind)

describe('a batch', () => {
  it('collapses a chain of states of one entity into one write', () => {
    const decision = decideUnits(
      owned,
      [1, 2, 3].map((version) => unit(putState('a', version))),
    )

    expect(kinds(decision)).toEqual(['applied', 'applied', 'applied'])
    expect(decision.effects.states).toEqual([{ address: address('a'), from: 0, version: 3, state: bytes('a 3') }])
  })

  it('refuses what was built on a refused unit', () => {
    const facts = new MapFacts({
      epochs: { [fence(1).shard]: 1 },
      replies: { r: { digest: undefined, exit: bytes('first') } },
    })

    const decision = decideUnits(facts, [unit(putState('a', 1), saveReply('r')), unit(putState('a', 2))])

    expect(kinds(decision)).toEqual(['duplicate', 'stale'])
    expect(decision.effects.states).toEqual([])
  })

  it('answers a duplicate within itself with what the first one said', () => {
    const decision = decideUnits(owned, [unit(saveReply('r', 'first')), unit(saveReply('r', 'second'))])

    expect(decision.verdicts[1]).toEqual({ kind: 'duplicate', id: 'r', digest: undefined, exit: bytes('first') })
    expect(decision.effects.newReplies.map(({ exit }) => exit)).toEqual([bytes('first')])
  })

  it('gives the sequences of a refused unit to the next', () => {
    const gone = { kind: 'completeMessage', id: requestId('unknown') } as const
    const decision = decideUnits(owned, [
      unit(saveMessage('1')),
      unit(saveMessage('2'), gone),
      unit(saveMessage('3'), saveMessage('4')),
    ])

    const results = decision.verdicts.map((verdict) => toUnitResult(verdict, ({ nth }) => 10 + nth))
    expect(results).toMatchObject([{ sequences: [11] }, { kind: 'gone' }, { sequences: [12, 13] }])
    expect([...decision.effects.taken]).toEqual([[fence(1).shard, 3]])
  })

  it('writes a message that is stored and completed in one go as completed', () => {
    const complete = { kind: 'completeMessage', id: requestId('1') } as const
    const { effects } = decideUnits(owned, [unit(saveMessage('1')), unit(complete)])

    expect(effects.newMessages).toMatchObject([{ id: '1', status: 'completed', from: undefined }])
    expect(effects.changedMessages).toEqual([])
  })

  it('replaces the reply of a letter that is revived and buried again', () => {
    const facts = new MapFacts({
      epochs: { [fence(1).shard]: 1 },
      messages: { m: { status: 'dead', address: address('a'), digest: undefined } },
      replies: { m: { digest: undefined, exit: bytes('first') } },
    })
    const [revive, bury] = [
      { kind: 'reviveMessage', id: requestId('m') } as const,
      { kind: 'buryMessage', id: requestId('m'), exit: bytes('second') } as const,
    ]

    const { effects } = decideUnits(facts, [unit(revive), unit(bury)])

    expect(effects.deletedReplies).toEqual(['m'])
    expect(effects.newReplies).toMatchObject([{ id: 'm', exit: bytes('second') }])
    expect(effects.changedMessages).toMatchObject([{ from: 'dead', status: 'dead', isRevived: true }])
  })
})

it('decides on assumptions as on facts whenever they hold', () => {
  let compared = 0
  const agree = fc.property(contents, units, (stored, batch) => {
    const facts = new MapFacts(stored)
    const assumed = new AssumedFacts()
    const decision = decideUnits(assumed, batch)
    if (!assumed.isPossible || !holds(assumed, facts)) return
    compared++
    expect(decision).toEqual(decideUnits(facts, batch))
  })

  fc.assert(agree, { numRuns: 20_000 })
  expect(compared).toBeGreaterThan(200)
})

/** As the statement that writes verifies it. */
function holds(assumed: AssumedFacts, facts: Facts): boolean {
  return (
    [...assumed.fences].every(([shard, epoch]) => facts.accepts({ shard, epoch })) &&
    [...assumed.versions.values()].every(({ address: of, version }) => facts.version(of, 0) === version) &&
    [...assumed.ends.values()].every(({ address: of, position }) => facts.journalEnd(of, 0) === position) &&
    [...assumed.unsaved].every((id) => facts.status(id, undefined) === undefined) &&
    [...assumed.unanswered].every((id) => facts.reply(id) === undefined) &&
    assumed.pending.every((id) => facts.status(id, 'pending') === 'pending')
  )
}
