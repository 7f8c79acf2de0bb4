import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { App } from '../src/app.ts'
import { startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { Api } from './api.ts'
import { everyRoute, eviction } from './every-route.ts'

vi.setConfig({ testTimeout: 30_000 })

const running: { app?: App; folder: string } = { folder: '' }

const start = async (): Promise<App> =>
  startApp(readConfig({ LISTEN_ADDR: '127.0.0.1:0', CRUSTER_DATA_DIR: join(running.folder, 'data') }))

beforeAll(async () => {
  running.folder = await mkdtemp(join(tmpdir(), 'cluster-tests-'))
  running.app = await start()
})

afterAll(async () => {
  await running.app?.[Symbol.asyncDispose]()
  await rm(running.folder, { recursive: true, force: true })
})

describe('one process on the embedded default', { concurrent: false }, () => {
  everyRoute(() => running.app?.url ?? '')
  eviction(() => running.app?.url ?? '')

  it('has everything after a restart, and the note of the graceful stop is cleared', async () => {
    const before = new Api(running.app?.url ?? '')
    await before.post('/counter/kept/increment', 3)
    await before.post('/timer/kept/start', { timer_id: 'later', delay_ms: 1500 })

    await running.app?.[Symbol.asyncDispose]()
    running.app = await start()
    const after = new Api(running.app.url)

    expect((await after.get('/counter/kept')).text).toBe('3')
    expect(await after.read('/singleton/state')).toMatchObject({ graceful_shutdown_at: null })
    await vi.waitFor(async () => expect(await after.read('/timer/kept/fires')).toHaveLength(1), { timeout: 10_000 })
  })
})
