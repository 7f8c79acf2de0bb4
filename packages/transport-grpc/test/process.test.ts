import { expect, it } from 'vitest'
import { runProgram } from './programs/run-program.ts'

it('leaves nothing open after its end, so that the process ends by itself', async () => {
  expect(JSON.parse(await runProgram('open-and-close.ts'))).toEqual({ left: [] })
})
