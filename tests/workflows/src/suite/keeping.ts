import { defineWorkflow, typed } from '@cruster/workflow'
import { describe, expect, it } from 'vitest'
import type { World } from '../world.ts'

const Short = defineWorkflow('Short', {
  input: typed<string>(),
  output: typed<string>(),
  key: (id) => id,
  retention: 50,
})
const short = Short.implement({ run: (_, id) => id })

const Chatty = defineWorkflow('Chatty', {
  input: typed<number>(),
  output: typed<number>(),
  limits: { warnEntries: 10, maxEntries: 20 },
})
const chatty = Chatty.implement({
  async run(ctx, steps) {
    for (let step = 0; step < steps; step += 1) await ctx.run('step', () => step)
    return steps
  },
})

export function keeping(world: World): void {
  describe('what is kept', () => {
    it('is removed with its history when the retention of an ended execution has passed', async () => {
      const { cluster, settled, pass } = await world.start({ register: [short] })
      const client = cluster.client(Short)
      for (const id of ['a', 'b', 'c']) await settled(client.execute(id))
      await pass(world.time(1))

      await settled(cluster.storage.prune(1000))
      expect((await settled(client.list())).executions).toEqual([])
      await pass(Math.max(world.time(1), 4000))
      expect(await settled(client.get('a').poll())).toEqual({ kind: 'unknown' })
    })

    it('is warned of when a history grows long, and fails with advice when it is too long', async () => {
      const { cluster, settled, failure } = await world.start({ register: [chatty] })
      const client = cluster.client(Chatty)

      expect(await settled(client.execute(12))).toBe(12)
      const warning = cluster.log.find(({ level, message }) => level === 'warn' && message.includes('journal'))
      expect(JSON.stringify(warning)).toContain('continueAsNew')
      const failed = await failure(client.execute(100))
      expect(failed).toMatchObject({ code: 'JOURNAL_TOO_LARGE' })
      expect(failed.message).toContain('continueAsNew')
    })
  })
}
