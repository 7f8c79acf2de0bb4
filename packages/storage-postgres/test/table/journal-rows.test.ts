import { expect, it } from 'vitest'
import type { Operation, Storage } from '@cruster/core/ports'
import { address, bytes, commit, fence } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

const applied = { kind: 'applied', sequences: [] }
const owner = fence(1)

const append = (position: number, ...texts: readonly string[]): Operation => ({
  kind: 'appendJournal',
  address: address('a'),
  position,
  entries: texts.map(bytes),
})
const truncate = (position: number): Operation => ({ kind: 'truncateJournal', address: address('a'), position })
const write = (storage: Storage, ...operations: readonly Operation[]) => commit(storage, { fence: owner, operations })

async function page(storage: Storage, after: number, limit: number): Promise<readonly string[]> {
  const entries = await storage.journals.read({ address: address('a'), after, limit })
  return entries.map((entry) => new TextDecoder().decode(entry))
}

async function opened() {
  const { open, query } = await testSchema()
  const storage = await open()
  await storage.claim([owner])
  const rows = () => query('select position, count from journals order by position')
  return { storage, query, rows }
}

it('keeps the entries of a unit in one row, and reads from any of them on', async () => {
  const { storage, rows } = await opened()
  await write(storage, append(1, 'one', '', 'three'))
  await write(storage, append(4, 'four'))
  await write(storage, append(5, 'five', 'six'))

  expect(await rows()).toEqual([
    { position: 1, count: 3 },
    { position: 4, count: null },
    { position: 5, count: 2 },
  ])
  expect(await page(storage, 0, 10)).toEqual(['one', '', 'three', 'four', 'five', 'six'])
  expect(await page(storage, 2, 10)).toEqual(['three', 'four', 'five', 'six'])
  expect(await page(storage, 1, 4)).toEqual(['', 'three', 'four', 'five'])
  expect(await page(storage, 5, 1)).toEqual(['six'])
  expect(await page(storage, 6, 1)).toEqual([])
  expect(await storage.journals.size(address('a'))).toBe(6)
})

it('reads several journals at once, each from its own position on', async () => {
  const { storage } = await opened()
  const other = { ...address('b') }
  await write(storage, append(1, 'one', 'two', 'three'))
  await write(storage, { kind: 'appendJournal', address: other, position: 1, entries: [bytes('b1'), bytes('b2')] })

  const [first, second] = await Promise.all([
    page(storage, 1, 1),
    storage.journals.read({ address: other, after: 1, limit: 5 }),
  ])

  expect([first, second]).toEqual([['two'], [bytes('b2')]])
})

it('goes on behind a cut through a row, whose other entries stay', async () => {
  const { storage, rows } = await opened()
  await write(storage, append(1, 'one', 'two', 'three'))
  await write(storage, append(4, 'four', 'five'))

  expect(await write(storage, truncate(1))).toEqual(applied)

  expect(await rows()).toEqual([{ position: 1, count: 1 }])
  expect(await page(storage, 0, 10)).toEqual(['one'])
  expect(await write(storage, append(4, 'elsewhere'))).toMatchObject({ kind: 'stale' })
  expect(await write(storage, append(2, 'new two', 'new three'))).toEqual(applied)
  expect(await page(storage, 0, 10)).toEqual(['one', 'new two', 'new three'])
})

it.each([0, 1, 2, 3, 4, 5, 6, 7])(
  'cuts behind position %i, wherever in its row that lies, and goes on there',
  async (end) => {
    const { storage } = await opened()
    const [one, two, three, four, five, six] = ['one', '', 'three', 'four', 'five', 'six'] as const
    const all = [one, two, three, four, five, six]
    await write(storage, append(1, one, two, three))
    await write(storage, append(4, four))
    await write(storage, append(5, five, six))
    const kept = all.slice(0, end)

    expect(await write(storage, truncate(end))).toEqual(applied)

    expect(await page(storage, 0, 10)).toEqual(kept)
    expect(await storage.journals.size(address('a'))).toBe(kept.length)
    for (const after of all.keys()) expect(await page(storage, after, 2)).toEqual(kept.slice(after, after + 2))
    expect(await write(storage, append(kept.length + 2, 'elsewhere'))).toMatchObject({ kind: 'stale' })
    expect(await write(storage, append(kept.length + 1, 'new', 'newer'))).toEqual(applied)
    expect(await page(storage, 0, 10)).toEqual([...kept, 'new', 'newer'])
    // In one unit with what comes instead.
    expect(await write(storage, truncate(end), append(kept.length + 1, 'newest'))).toEqual(
      end > 6 ? { kind: 'stale', address: address('a') } : applied,
    )
    expect(await page(storage, 0, 10)).toEqual([...kept, ...(end > 6 ? ['new', 'newer'] : ['newest'])])
  },
)

it('goes on in a journal that was written a row for each entry', async () => {
  const { storage, query } = await opened()
  await query(
    "insert into journals (type, entity, position, entry) values ('Counter', 'a', 1, 'one'), ('Counter', 'a', 2, 'two')",
  )

  expect(await write(storage, append(3, 'three', 'four'))).toEqual(applied)
  expect(await page(storage, 0, 10)).toEqual(['one', 'two', 'three', 'four'])
  expect(await write(storage, truncate(3))).toEqual(applied)
  expect(await page(storage, 1, 10)).toEqual(['two', 'three'])
})

it('spreads many entries, and large ones, over several rows', async () => {
  const { storage, rows } = await opened()
  const many = Array.from({ length: 130 }, (_, index) => `${index + 1}`)
  const large = 'x'.repeat(70_000)
  await write(storage, append(1, ...many))
  await write(storage, append(131, large, large, 'small', 'small too'))

  expect(await rows()).toEqual([
    { position: 1, count: 64 },
    { position: 65, count: 64 },
    { position: 129, count: 2 },
    { position: 131, count: 1 },
    { position: 132, count: 1 },
    { position: 133, count: 2 },
  ])
  expect(await page(storage, 60, 72)).toEqual([...many.slice(60), large, large])
  expect(await page(storage, 127, 2)).toEqual(['128', '129'])
})

it('refuses to read over a gap', async () => {
  const { storage, query } = await opened()
  await write(storage, append(1, 'one', 'two'))
  await write(storage, append(3, 'three'))
  await write(storage, append(4, 'four'))
  await query('delete from journals where position = 3')

  await expect(page(storage, 0, 10)).rejects.toThrow('has no entry 3, but later ones')
})
