import { activity } from '@cruster/core'
import { defineWorkflow, typed } from '@cruster/workflow'
import { guardWorkflows } from '@cruster/workflow/guard'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testClusterWorld } from '../src/worlds.ts'

const Timed = defineWorkflow('Timed', {
  input: typed<'ctx' | 'clock'>(),
  output: typed<number>(),
  key: (id) => id,
  activities: { at: activity<void, number>() },
})

const timed = Timed.implement({
  activities: { at: () => Date.now() },
  async run(ctx, how) {
    ctx.log.info('begins')
    await ctx.sleep('1 minute')
    const at = await ctx.at()
    const [later] = await ctx.all([ctx.at(), ctx.sleep(1)])
    return how === 'clock' ? Date.now() : later - at + ctx.now() + ctx.random()
  },
})

describe('guarded workflows', () => {
  it('run as they do without, and fail where a body asks the clock', async () => {
    const guard = guardWorkflows()
    onTestFinished(() => {
      guard[Symbol.dispose]()
    })
    const { cluster, settled, failure } = await testClusterWorld.start({ register: [timed] })

    expect(await settled(cluster.client(Timed).execute('ctx'))).toBeGreaterThan(0)
    const failed = await failure(cluster.client(Timed).execute('clock'))
    expect(failed.message).toContain('The body of Workflow/Timed/clock calls Date.now()')
  })
})
