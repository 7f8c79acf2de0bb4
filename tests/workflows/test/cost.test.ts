import { activity } from '@cruster/core'
import { defineWorkflow, typed } from '@cruster/workflow'
import { expect, it } from 'vitest'
import { listenedTo } from '../src/listened-to.ts'
import { testClusterWorld } from '../src/worlds.ts'

const Order = defineWorkflow('Order', {
  input: typed<string>(),
  output: typed<number>(),
  key: (id) => id,
  activities: { one: activity<number, number>(), two: activity<number, number>(), three: activity<number, number>() },
})

const ran: string[] = []
const step = (name: string) => (_: unknown, before: number) => {
  ran.push(name)
  return before + 1
}
const order = Order.implement({
  activities: { one: step('one'), two: step('two'), three: step('three') },
  run: async (ctx) => ctx.three(await ctx.two(await ctx.one(0))),
})

it('takes four commits and one read for three activities, from the start to the result', async () => {
  const { storage, heard, clock } = await listenedTo()
  const { cluster, settled } = await testClusterWorld.start({ runners: 1, register: [order], storage, clock })
  ran.length = 0
  heard.length = 0

  expect(await settled(cluster.client(Order).execute('o1'))).toBe(3)

  expect(ran).toEqual(['one', 'two', 'three'])
  expect(heard.toSorted()).toEqual(
    [
      'journals.read',
      'saveMessage',
      // The start, the first activity.
      'appendJournal',
      'appendJournal',
      // The last activity, the end.
      'putExecution appendJournal completeMessage',
    ].toSorted(),
  )
})

it('reads what is stored, and runs nothing, when what has ended is executed again', async () => {
  const { storage, heard, clock } = await listenedTo()
  const { cluster, settled } = await testClusterWorld.start({ runners: 1, register: [order], storage, clock })
  await settled(cluster.client(Order).execute('o1'))
  // It has left memory, and nobody knows its start any more.
  await cluster.clock.advance('3 days')
  ran.length = 0
  heard.length = 0

  expect(await settled(cluster.client(Order).execute('o1'))).toBe(3)

  expect(ran).toEqual([])
  expect(heard.filter((each) => each.includes('appendJournal'))).toEqual([])
})

it('lets an execution leave memory as soon as whoever waited for it has its result', async () => {
  const { storage, heard, clock } = await listenedTo()
  const { cluster, settled } = await testClusterWorld.start({ runners: 1, register: [order], storage, clock })
  await settled(cluster.client(Order).execute('o1'))
  heard.length = 0

  expect(await settled(cluster.client(Order).get('o1').poll())).toEqual({ kind: 'completed', output: 3 })

  expect(heard).toContain('journals.size')
})
