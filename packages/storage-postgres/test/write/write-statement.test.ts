import type { Operation, Unit } from '@cruster/core/ports'
import { describe, expect, it } from 'vitest'
import { sqlNames } from '../../src/schema/sql-names.ts'
import type { Statement } from '../../src/session/session.ts'
import { toClientValue } from '../../src/session/sql-array.ts'
import { assumeUnits } from '../../src/write/commit-units.ts'
import { WriteStatements } from '../../src/write/write-statement.ts'
import { address, bytes, fence, putState, saveMessage, saveReply } from '../samples.ts'

const statements = new WriteStatements(sqlNames('cruster'))

function statementOf(units: readonly Unit[]): Statement {
  const { statement } = assumeUnits(statements, units)
  if (statement === undefined) throw new TypeError('the batch cannot be decided without reading')
  return statement
}

const fenced = (...operations: readonly Operation[]): Unit => ({ fence: fence(1), operations })
const append = (id: string, ...entries: readonly string[]): Operation => ({
  kind: 'appendJournal',
  address: address(id),
  position: 2,
  entries: entries.map(bytes),
})

describe('the statement of a batch', () => {
  it('takes the values of one row as they are, and bytes without writing them out', () => {
    const { values, text } = statementOf([fenced(putState('a', 2), saveReply('r'))])

    expect(values).toContain(2)
    expect(values).toContainEqual(Buffer.from(bytes('a 2')))
    expect(text).not.toContain('unnest')
  })

  it('takes several rows of one kind as arrays, and all else as it is', () => {
    const entries = Array.from({ length: 65 }, () => 'x')
    const { values } = statementOf([fenced(append('a', ...entries), saveReply('r'))])

    expect(values?.map(toClientValue)).toContain('{2,66}')
    expect(values).toContain('r')
  })

  it('takes several entries of one journal as one row', () => {
    const { values, text } = statementOf([fenced(append('a', 'x', 'yz'))])

    expect(values).toContainEqual(Buffer.from([0, 0, 0, 1, ...bytes('x'), 0, 0, 0, 2, ...bytes('yz')]))
    expect(text).not.toContain('unnest')
  })

  it('has one text for large batches, whatever their sizes, so that few stay prepared', () => {
    const batch = (states: number, replies: number): readonly Unit[] => [
      fenced(...Array.from({ length: states }, (_, index) => putState(`s${index}`, 2))),
      fenced(...Array.from({ length: replies }, (_, index) => saveReply(`r${index}`))),
      { operations: [saveMessage('m')] },
    ]
    const sizes = [2, 3, 30]
    const large = sizes.flatMap((states) => sizes.map((replies) => statementOf(batch(states, replies))))

    expect(new Set(large.map(({ name }) => name)).size).toBe(1)
    expect(new Set(large.map(({ text }) => text)).size).toBe(1)
  })

  it('never gives the name of one text to another', () => {
    const operations = [putState('a', 2), putState('b', 1), saveReply('r'), saveReply('q'), append('a', 'x', 'y')]
    const texts = new Map<string | undefined, string>()
    for (let choice = 1; choice < 2 ** operations.length; choice++) {
      const { name, text } = statementOf([fenced(...operations.filter((_, index) => (choice >> index) % 2 === 1))])
      expect(texts.get(name) ?? text).toBe(text)
      texts.set(name, text)
    }
    expect(new Set(texts.values()).size).toBe(texts.size)
  })
})
