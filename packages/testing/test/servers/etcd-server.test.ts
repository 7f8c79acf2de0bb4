import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EtcdServer } from '@cruster/testing/servers'
import { expect, it, onTestFinished, vi } from 'vitest'

const program = fileURLToPath(new URL('programs/start-etcd.ts', import.meta.url))

const isUp = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(500) }).then(
    ({ ok }) => ok,
    () => false,
  )

it('starts, stands still, goes on, dies and starts again', { timeout: 30_000 }, async () => {
  await using server = await EtcdServer.start()
  const { endpoint } = server
  const seen = [await isUp(endpoint)]

  server.pause()
  seen.push(await isUp(endpoint))
  server.resume()
  seen.push(await isUp(endpoint))
  await server.kill()
  seen.push(await isUp(endpoint))
  await server.restart()
  seen.push(await isUp(endpoint))

  expect(seen).toEqual([true, false, true, false, true])
})

it('leaves nothing behind when the process that started it is killed', { timeout: 30_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cruster-etcd-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const child = spawn(process.execPath, ['--conditions=@cruster/source', program], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  const endpoint = output.toString().trim()
  const wasUp = await isUp(endpoint)

  child.kill('SIGKILL')
  await vi.waitUntil(async () => (await readdir(folder)).length === 0, { timeout: 10_000 })

  expect([wasUp, await isUp(endpoint)]).toEqual([true, false])
})
