import { requestId, shardId } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import { describe, expect, it } from 'vitest'
import { JournalWriter, UnitRefused } from '../../src/engine/journal-writer.ts'
import { decodeEntry, encodeEntry } from '../../src/journal/entry-codec.ts'
import type { JournalEntry } from '../../src/journal/journal-entry.ts'
import { started } from '../replay/scripted-run.ts'

const address = { shard: shardId('default', 0), type: 'Workflow/W', id: '1' }
const resumed = (at: number): JournalEntry => ({ kind: 'resumed', at })
const complete = (id: string): Operation => ({ kind: 'completeMessage', id: requestId(id) })
const applied: UnitResult = { kind: 'applied', sequences: [] }

/** A storage that notes units. */
function storage(...results: readonly (UnitResult | Error)[]) {
  const left = [...results]
  const units: (readonly Operation[])[] = []
  const commit = async (operations: readonly Operation[]): Promise<UnitResult> => {
    units.push(operations)
    const result = left.shift() ?? applied
    if (result instanceof Error) throw result
    return result
  }
  return { units, commit }
}

function appended(unit: readonly Operation[] | undefined) {
  return (unit ?? []).flatMap((operation) =>
    operation.kind === 'appendJournal'
      ? [{ position: operation.position, entries: operation.entries.map((bytes) => decodeEntry(bytes)) }]
      : [],
  )
}

describe('the end of a journal', () => {
  it('is stored in one unit, behind what is stored', async () => {
    const { units, commit } = storage()
    const writer = new JournalWriter(address, { entries: 4, bytes: 100 })
    writer.add(resumed(1), [complete('a')])
    writer.add(resumed(2))
    await writer.flush(commit, [complete('b')])
    writer.add(resumed(3))
    await writer.flush(commit)

    expect(appended(units[0])).toEqual([{ position: 5, entries: [resumed(1), resumed(2)] }])
    expect(units[0]).toContainEqual(complete('a'))
    expect(units[0]).toContainEqual(complete('b'))
    expect(appended(units[1])).toEqual([{ position: 7, entries: [resumed(3)] }])
    expect(writer.size).toBe(7)
  })

  it('costs no unit when nothing is waiting', async () => {
    const { units, commit } = storage()
    await new JournalWriter(address, { entries: 0, bytes: 0 }).flush(commit)

    expect(units).toEqual([])
  })

  it('is trivial as long as it holds the start and nothing else', () => {
    const writer = new JournalWriter(address, { entries: 0, bytes: 0 })
    expect(writer.isTrivial).toBe(true)
    writer.add(started)
    expect(writer.isTrivial).toBe(true)
    writer.add(resumed(1))
    expect(writer.isTrivial).toBe(false)
  })

  it.each([
    ['refused', { kind: 'stale', address } as const],
    ['lost', new Error('no connection')],
  ])('is waiting still when a unit was %s', async (_, result) => {
    const { units, commit } = storage(result)
    const writer = new JournalWriter(address, { entries: 0, bytes: 0 })
    writer.add(resumed(1), [complete('a')])
    await expect(writer.flush(commit)).rejects.toThrow(result instanceof Error ? 'no connection' : UnitRefused)
    await writer.flush(commit)

    expect(units[1]).toEqual(units[0])
    expect(writer.size).toBe(1)
  })

  it('takes an entry along that is recorded only if its own unit is applied', async () => {
    const { units, commit } = storage(new Error('constraint'))
    const writer = new JournalWriter(address, { entries: 0, bytes: 0 })
    writer.add(resumed(1))
    await expect(writer.flushWith(commit, resumed(2), [])).rejects.toThrow('constraint')
    expect(writer.size).toBe(1)
    await writer.flushWith(commit, resumed(3), [])

    expect(appended(units[1])).toEqual([{ position: 1, entries: [resumed(1), resumed(3)] }])
    expect(writer.size).toBe(2)
    expect(writer.bytes).toBe(encodeEntry(resumed(1)).length + encodeEntry(resumed(3)).length)
  })

  it('begins anew in one unit: what was stored goes, operations that were waiting are made', async () => {
    const { units, commit } = storage()
    const writer = new JournalWriter(address, { entries: 3, bytes: 100 })
    writer.add(resumed(1), [complete('a')])
    writer.restart([{ ...started, run: 2 }])
    await writer.flush(commit)

    expect(units[0]?.map(({ kind }) => kind)).toEqual(['truncateJournal', 'completeMessage', 'appendJournal'])
    expect(appended(units[0])).toEqual([{ position: 1, entries: [{ ...started, run: 2 }] }])
    expect(writer.size).toBe(1)
  })
})
