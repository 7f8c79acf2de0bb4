import { createDraft, finishDraft, isDraft } from 'immer'
import { expect, it } from 'vitest'
import { undraft } from '../../src/entity/undraft.ts'

interface State {
  readonly list: number[]
  readonly inner: { count: number }
}

/** A draft of a small state. */
const draftState = (): State => createDraft({ list: [1], inner: { count: 0 } })

it('gives back what holds no draft as it is', () => {
  const date = new Date(0)
  const values = [1, 'text', null, undefined, date, [1, [2]], { a: { b: date } }, new Map([[1, 2]]), Uint8Array.of(1)]

  for (const value of values) expect(undraft(value)).toBe(value)
})

it('turns a draft into what it is now', () => {
  const draft = draftState()
  draft.inner.count = 5

  const plain = undraft(draft)

  expect(isDraft(plain)).toBe(false)
  expect(plain).toEqual({ list: [1], inner: { count: 5 } })
})

it('finds drafts in arrays and objects at any depth, and leaves the rest', () => {
  const draft = draftState()
  const rest = { untouched: true }
  const value = { deep: [{ inner: draft.inner }, draft.list], rest }

  const plain = undraft(value) as typeof value

  expect(plain).toEqual({ deep: [{ inner: { count: 0 } }, [1]], rest })
  expect(plain.rest).toBe(rest)
  finishDraft(draft)
  expect(plain.deep).toEqual([{ inner: { count: 0 } }, [1]])
})
