import type { CronHandler } from '@cruster/singleton'
import { cronContract, defineCron } from '@cruster/singleton'
import { expect, it } from 'vitest'
import { startCluster } from './start-cluster.ts'

const contract = cronContract('nightly')

it('fires every night, however seldom the runners look for what was missed', async () => {
  const fired: string[] = []
  const run: CronHandler = ({ scheduledAt }) => void fired.push(scheduledAt.toISOString().slice(0, 16))
  const nightly = defineCron('nightly', { schedule: '0 4 * * *', timeZone: 'UTC' }, run)
  const cluster = await startCluster({
    runners: 2,
    register: [nightly],
    leaseTtl: '1 day',
    config: { sweepInterval: '1 hour' },
  })
  await cluster.settled(cluster.client(contract).status())

  await cluster.clock.advance('73 hours')

  const history = await cluster.settled(cluster.client(contract).history())
  expect(history).toHaveLength(3)
  expect(fired).toEqual(['2026-01-01T04:00', '2026-01-02T04:00', '2026-01-03T04:00'])
})
