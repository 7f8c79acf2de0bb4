import * as core from '@cruster/core'
import { expect, it } from 'vitest'
import * as cruster from '../src/index.ts'

it('has every error that users can meet', () => {
  const errors = Object.entries(core).filter(([, value]) => typeof value === 'function' && 'code' in value)

  expect(errors.length).toBeGreaterThan(15)
  expect(cruster).toMatchObject(Object.fromEntries(errors))
})
