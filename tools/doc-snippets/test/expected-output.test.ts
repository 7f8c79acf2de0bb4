import { expect, test } from 'vitest'
import { expectedOutput, missingLine } from '../src/expected-output.ts'

test('reads what a program says it prints', () => {
  const code = ['console.log(1) // → 1', 'console.log(', '  2,', ')', '// → 2', '// → 3', 'const a = f() // → 9']

  expect(expectedOutput(code.join('\n'))).toEqual(['1', '2', '3'])
})

test('expected lines may have others between them', () => {
  expect(missingLine(['1', '2'], '1\nlog\n2\n')).toBeUndefined()
})

test('names the first line that is missing or out of order', () => {
  expect(missingLine(['1', '2'], '2\n1\n')).toBe('2')
  expect(missingLine(['1', '1'], '1\n')).toBe('1')
})
