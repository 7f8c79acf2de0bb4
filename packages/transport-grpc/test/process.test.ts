import { expect, it } from 'vitest'
import { runProgram } from './programs/run-program.ts'

it('leaves nothing open after its end, so that the process ends by itself', async () => {
  const printed = await runProgram(new URL('./programs/open-and-close.ts', import.meta.url))

  expect(JSON.parse(printed)).toEqual({ left: [] })
})
