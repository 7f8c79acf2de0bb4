import { expect, test } from 'vitest'
import { problemsIn } from '../src/workshop.ts'

test('errors of the compiler become problems of the page', () => {
  const snippet = { page: 'docs/a.md', line: 3, file: 'line-3.ts', runs: false, code: '' }
  const output = [
    "tools/doc-snippets/.cache/docs/a.md/line-3.ts(4,7): error TS2322: Type 'string' is not assignable",
    '  to more',
    'error TS18003: No inputs were found',
  ]

  expect(problemsIn(output.join('\n'), [snippet])).toEqual([
    { page: 'docs/a.md', line: 4, message: "error TS2322: Type 'string' is not assignable" },
    { page: '', line: 0, message: 'error TS18003: No inputs were found' },
  ])
})
