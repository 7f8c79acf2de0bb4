import { VirtualClock } from '@cruster/core/memory'
import { expect, it } from 'vitest'
import { StorageGate } from '../../src/cluster/storage-gate.ts'

it('lets requests and answers pass', async () => {
  expect(await new StorageGate().pass(async () => 7)).toBe(7)
})

it('refuses requests before they arrive', async () => {
  const gate = new StorageGate()
  let arrived = false

  gate.fail('refused')
  const request = gate.pass(async () => (arrived = true))

  await expect(request).rejects.toMatchObject({ code: 'STORAGE', outcome: 'not-started' })
  expect(arrived).toBe(false)
})

it('loses answers of what has taken effect', async () => {
  const gate = new StorageGate()
  let arrived = false

  gate.fail('unanswered')
  const request = gate.pass(async () => (arrived = true))

  await expect(request).rejects.toMatchObject({ code: 'STORAGE', outcome: 'unknown' })
  expect(arrived).toBe(true)
  gate.fail(undefined)
  expect(await gate.pass(async () => 1)).toBe(1)
})

it('holds requests and answers while paused', async () => {
  const clock = new VirtualClock()
  const gate = new StorageGate()
  const log: string[] = []
  let answer = (): void => {}
  const first = gate
    .pass(() => new Promise<void>((resolve) => (answer = resolve)))
    .then(() => log.push('first answered'))
  await clock.runUntilIdle()

  gate.pause()
  answer()
  const second = gate.pass(async () => log.push('second arrived'))
  await clock.runUntilIdle()
  expect(log).toEqual([])
  gate.resume()
  await Promise.all([first, second])

  expect(log.toSorted()).toEqual(['first answered', 'second arrived'])
})

it('rejects everything once it is closed, what was held included', async () => {
  const gate = new StorageGate()
  gate.pause()
  const held = gate.pass(async () => 1)

  gate.close()

  await expect(held).rejects.toMatchObject({ code: 'STORAGE', outcome: 'not-started' })
  await expect(gate.pass(async () => 1)).rejects.toMatchObject({ code: 'STORAGE' })
})
