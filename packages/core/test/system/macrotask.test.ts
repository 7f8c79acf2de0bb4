import { expect, it } from 'vitest'
import { chooseMacrotask } from '../../src/system/macrotask.ts'

it.each([
  ['setImmediate', { setImmediate, MessageChannel }],
  ['a message channel where there is no setImmediate', { MessageChannel }],
])('calls back after all microtasks, in order, by %s', async (_, host) => {
  const macrotask = chooseMacrotask(host)
  const log: string[] = []

  await new Promise<void>((resolve) => {
    macrotask(() => log.push('first'))
    macrotask(() => {
      log.push('second')
      resolve()
    })
    void Promise.resolve()
      .then(() => log.push('microtask'))
      .then(() => log.push('its successor'))
  })

  expect(log).toEqual(['microtask', 'its successor', 'first', 'second'])
})
