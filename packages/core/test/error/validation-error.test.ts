import { expect, it } from 'vitest'
import { z } from 'zod'
import { ValidationError, validationIssues } from '../../src/error/validation-error.ts'

it('takes the issues of a schema library as plain data', () => {
  const schema = z.object({ items: z.array(z.object({ price: z.number() })) })
  const result = schema['~standard'].validate({ items: [{ price: 'x' }] })

  const issues = 'issues' in result && result.issues !== undefined ? validationIssues(result.issues) : []

  expect(issues).toEqual([{ message: expect.any(String), path: ['items', 0, 'price'] }])
  expect(new ValidationError('input', issues).message).toContain('items.0.price: ')
})

it('writes a symbol in a path as text', () => {
  expect(validationIssues([{ message: 'm', path: [Symbol('s'), { key: 1 }] }])).toEqual([
    { message: 'm', path: ['Symbol(s)', 1] },
  ])
})
