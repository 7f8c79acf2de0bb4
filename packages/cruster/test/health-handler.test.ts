import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { Healthy, RunnerHealth } from '../src/index.ts'
import { healthHandler } from '../src/index.ts'

const well: RunnerHealth = {
  isAlive: true,
  isReady: true,
  problems: [],
  state: 'active',
  ownedShards: 3,
  oldestDueMs: 0,
}
const withHealth = (health: RunnerHealth): Healthy => ({ health: () => health })

/** Serves a runner's health, and asks for a path. */
async function probe(runner: Healthy | (() => Healthy | undefined), path: string): Promise<Response> {
  const server = createServer(healthHandler(runner))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}${path}`)
}

it.each([
  ['/healthz', well, 200],
  ['/readyz', well, 200],
  ['/readyz?verbose', well, 200],
  ['/healthz', { ...well, isReady: false }, 200],
  ['/readyz', { ...well, isReady: false }, 503],
  ['/healthz', { ...well, isAlive: false, isReady: false }, 503],
  ['/else', well, 404],
])('answers %s of %o with %i', async (path, health, status) => {
  expect((await probe(withHealth(health), path)).status).toBe(status)
})

it('says in its body what is wrong', async () => {
  const ill = { ...well, isReady: false, problems: ['Storage has not answered for 70 s.'] }

  const answer = await probe(withHealth(ill), '/readyz')

  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await answer.json()).toEqual(ill)
})

it.each([
  ['/healthz', 200],
  ['/readyz', 503],
])('answers %s with %i before there is a runner', async (path, status) => {
  expect((await probe(() => undefined, path)).status).toBe(status)
})
