import { describe, expect, it } from 'vitest'
import type { Health } from '../../src/chess-runtime.ts'
import { FrontDoor } from '../../src/http/front-door.ts'
import { latch } from '../latch.ts'
import { ChessApiClient } from '../chess-api-client.ts'

const open = (onDefect: (error: unknown) => void = () => undefined) =>
  FrontDoor.listen({ host: '127.0.0.1', port: 0, onDefect })

const healthy: Health = { isAlive: true, isReady: true, problems: [] }

describe('the front door', () => {
  it('answers 503 before the application is ready, and says so', async () => {
    await using door = await open()
    const url = `http://127.0.0.1:${door.port}`
    const health = await fetch(`${url}/health`)

    expect([health.status, await health.json()]).toEqual([503, { status: 'starting' }])
    expect(await new ChessApiClient(url).get('/leaderboard')).toMatchObject({
      status: 503,
      body: { error: { code: 'UNAVAILABLE' } },
    })
    await expect(new ChessApiClient(url).listen('/games/7/watch')).rejects.toThrow('HTTP 503')
  })

  it('is healthy once it is open', async () => {
    await using door = await open()
    door.open({
      health: () => healthy,
      fetch: () => new Response('inside'),
      feed: () => Promise.reject(new Error('none')),
    })
    const url = `http://127.0.0.1:${door.port}`

    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${url}/anything`)).text()).toBe('inside')
  })

  it('tells a process that goes on from one that can serve', async () => {
    await using door = await open()
    const url = `http://127.0.0.1:${door.port}`
    const statuses = async () =>
      Promise.all(['/healthz', '/readyz', '/health'].map(async (path) => (await fetch(`${url}${path}`)).status))
    let health: Health = healthy

    expect(await statuses()).toEqual([200, 503, 503])
    door.open({
      health: () => health,
      fetch: () => new Response('inside'),
      feed: () => Promise.reject(new Error('none')),
    })
    expect(await statuses()).toEqual([200, 200, 200])
    health = { isAlive: true, isReady: false, problems: ['Storage has not answered for 60 s.'] }
    expect(await statuses()).toEqual([200, 503, 503])
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'failing', problems: health.problems })
    health = { isAlive: false, isReady: false, problems: ['stuck'] }
    expect(await statuses()).toEqual([503, 503, 503])
    expect(await (await fetch(`${url}/anything`)).text()).toBe('inside')
  })

  it('lets a request finish that came before the end', async () => {
    const door = await open()
    const { promise, resolve } = latch<Response>()
    door.open({ health: () => healthy, fetch: () => promise, feed: () => Promise.reject(new Error('none')) })
    const answer = fetch(`http://127.0.0.1:${door.port}/slow`)
    await new Promise((wait) => setTimeout(wait, 50))
    const closed = door[Symbol.asyncDispose]()
    resolve(new Response('done'))

    expect(await (await answer).text()).toBe('done')
    await closed
  })

  it('closes a socket with 1011 when its feed breaks, and reports it', async () => {
    const defects: unknown[] = []
    await using door = await open((error) => defects.push(error))
    const broken = new Error('broken')
    async function* feed() {
      yield { type: 'game' }
      throw broken
    }
    door.open({ health: () => healthy, fetch: () => new Response(), feed: async () => feed() })
    using listener = await new ChessApiClient(`http://127.0.0.1:${door.port}`).listen('/anything')

    expect(await listener.closed()).toBe(1011)
    expect(listener.types).toEqual(['game'])
    expect(defects).toEqual([broken])
  })

  it('ends the feed of a socket that has gone', async () => {
    await using door = await open()
    const { promise: aborted, resolve } = latch()
    async function* feed(signal: AbortSignal) {
      yield { type: 'game' }
      signal.addEventListener('abort', () => resolve())
      await aborted
    }
    door.open({ health: () => healthy, fetch: () => new Response(), feed: async (_, signal) => feed(signal) })
    const listener = await new ChessApiClient(`http://127.0.0.1:${door.port}`).listen('/anything')
    await listener.until('game')
    listener[Symbol.dispose]()

    await expect(aborted).resolves.toBeUndefined()
  })
})
