import { expect, it } from 'vitest'
import { unreachable } from '../../src/error/unreachable.ts'

it('reports a forgotten case as a defect', () => {
  expect(() => unreachable({ kind: 'new' } as never)).toThrow(
    expect.objectContaining({ code: 'DEFECT', message: 'A case was forgotten: {"kind":"new"} was not expected here.' }),
  )
})
