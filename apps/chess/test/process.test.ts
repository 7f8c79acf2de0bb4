import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './in-process-server.ts'
import { ServerProcess } from './server-process.ts'

describe('the program', { timeout: 30_000 }, () => {
  it('says its address last, and nothing else', async () => {
    await using folder = await temporaryFolder()
    await using server = await ServerProcess.start(folder.path)

    expect(server.output.trimEnd().split('\n').at(-1)).toMatch(/^Chess is ready: http:\/\/127\.0\.0\.1:\d+$/)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends gracefully at %s: sockets are told, exit code 0', async (signal) => {
    await using folder = await temporaryFolder()
    await using server = await ServerProcess.start(folder.path)
    const { gameId } = await server.api.game()
    using watcher = await server.api.listen(`/games/${gameId}/watch`)

    expect(await server.end(signal)).toBe(0)
    expect(await watcher.closed()).toBe(1001)
    expect(server.output.trimEnd().split('\n')).toHaveLength(1)
  })

  it('finds everything again after a graceful end', async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start(folder.path)
    const { gameId, white } = await first.api.game()
    await first.api.move(gameId, white, 'e2e4')
    await first.end('SIGTERM')
    await using second = await ServerProcess.start(folder.path)

    expect((await second.api.get(`/games/${gameId}`)).body['moves']).toMatchObject([{ san: 'e4' }])
  })

  it('says so when its port is in use', async () => {
    await using folder = await temporaryFolder()
    await using other = await temporaryFolder()
    await using first = await ServerProcess.start(folder.path)
    const port = new URL(first.url).port
    await using second = ServerProcess.spawn({ PORT: port, CRUSTER_DATA_DIR: other.path })

    expect(await second.exit()).toBe(1)
    expect(second.output).toBe(
      `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another port: PORT=${Number(port) + 1}\n`,
    )
  })

  it('says so when another server has its folder', async () => {
    await using folder = await temporaryFolder()
    await using first = await ServerProcess.start(folder.path)
    await using second = ServerProcess.spawn({ CRUSTER_DATA_DIR: folder.path })

    expect(await second.exit()).toBe(1)
    expect(second.output).toContain(folder.path)
    expect(second.output).not.toMatch(/^\s+at /m)
    expect((await first.api.get('/leaderboard')).status).toBe(200)
  })

  it('says so when a variable is wrong', async () => {
    await using server = ServerProcess.spawn({ PORT: 'http' })

    expect(await server.exit()).toBe(1)
    expect(server.output).toBe('PORT must be a port number from 0 to 65535; it is "http".\n')
  })
})
