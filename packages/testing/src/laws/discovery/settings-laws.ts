import assert from 'node:assert/strict'
import type { Law } from '../../law.ts'
import type { DiscoveryWorld } from './discovery-world.ts'

const settings = { shardsPerGroup: 300, hashVersion: 1 }

export const settingsLaws: readonly Law<DiscoveryWorld>[] = [
  {
    id: 'DS8',
    title: "the first settings proposed are the cluster's; the same agree, others are told what differs",
    async check(world) {
      const [a, b] = [await world.connect(), await world.connect()]

      assert.deepEqual(await a.discovery.agree(settings), { kind: 'agreed' })
      assert.deepEqual(await b.discovery.agree({ hashVersion: 1, shardsPerGroup: 300 }), { kind: 'agreed' })
      assert.deepEqual(await b.discovery.agree({ ...settings, shardsPerGroup: 100 }), {
        kind: 'differs',
        setting: 'shardsPerGroup',
        cluster: 300,
      })
      assert.deepEqual(await b.discovery.agree({ ...settings, region: 'eu' }), {
        kind: 'differs',
        setting: 'region',
        cluster: undefined,
      })
      assert.deepEqual(await b.discovery.agree({ shardsPerGroup: 300 }), {
        kind: 'differs',
        setting: 'hashVersion',
        cluster: 1,
      })
      assert.deepEqual(await a.discovery.agree(settings), { kind: 'agreed' })
    },
  },
  {
    id: 'DS8b',
    title: 'of settings proposed at the same time, one wins',
    async check(world) {
      const processes = await Promise.all(Array.from({ length: 5 }, () => world.connect()))

      const results = await Promise.all(
        processes.map(({ discovery }, index) => discovery.agree({ ...settings, shardsPerGroup: index + 1 })),
      )

      assert.equal(results.filter(({ kind }) => kind === 'agreed').length, 1)
    },
  },
]
