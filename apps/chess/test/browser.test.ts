import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrowserPlayer } from './browser-player.ts'
import { launchChromium } from './chromium.ts'
import { temporaryFolder } from './in-process-server.ts'
import { recordedGame } from './recorded-game.ts'
import { ServerProcess } from './server-process.ts'

let browser: Browser
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: ServerProcess

beforeAll(async () => {
  browser = await launchChromium()
  folder = await temporaryFolder()
  server = await ServerProcess.start(folder.path)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

const phone = { width: 390, height: 844 }

interface PairOptions {
  readonly viewport?: { width: number; height: number }
  readonly url?: string
}

/** Two players who found each other in the queue: who came later has white. */
async function pair(control = '15+10', { viewport, url = server.url }: PairOptions = {}) {
  const [black, white] = [
    await BrowserPlayer.open(browser, url, viewport),
    await BrowserPlayer.open(browser, url, viewport),
  ]
  await black.signUp('Karl')
  await white.signUp('Paul')
  await black.page.locator(`[data-control="${control}"]`).click()
  await black.page.getByText('Waiting for an opponent').waitFor()
  await white.page.locator(`[data-control="${control}"]`).click()
  await Promise.all([white, black].map(({ page }) => page.waitForURL(/#\/game\//)))
  return { white, black }
}

describe('in the browser', { timeout: 120_000 }, () => {
  it('two players play the Opera Game to mate, by click, drag and keyboard, and a third one watches', async () => {
    const { white, black } = await pair()
    const spectator = await BrowserPlayer.open(browser, white.page.url())
    const game = recordedGame('opera-game')
    const ways = ['click', 'drag', 'type'] as const

    for (const [ply, { uci, san }] of game.moves.entries()) {
      const mover = ply % 2 === 0 ? white : black
      await mover[ways[Math.floor(ply / 2) % 3]!](uci)
      await Promise.all([white, black, spectator].map((page) => page.untilMoved(ply + 1, san)))
    }

    expect(await white.page.locator('.banner').innerText()).toContain('You win')
    expect(await black.page.locator('.banner').innerText()).toContain('You lose')
    expect(await spectator.page.locator('.banner').innerText()).toMatch(/1 – 0[\s\S]*White wins[\s\S]*by checkmate/)
    expect(await black.pieces()).toEqual(await spectator.pieces())
    expect(await white.pieces()).toContain('d8, white rook')
    await white.page.locator('.player.me .rating', { hasText: '1216' }).waitFor()
    expect([...white.errors, ...black.errors, ...spectator.errors]).toEqual([])
  })

  it('a pawn becomes what its player chooses', async () => {
    const { white, black } = await pair()
    const { moves } = recordedGame('lasker-trap')
    for (const [ply, { uci, san }] of moves.entries()) {
      const mover = ply % 2 === 0 ? white : black
      await mover.click(uci)
      if (uci.length === 5) await mover.page.getByLabel('Promote to black knight').click()
      await Promise.all([white, black].map((page) => page.untilMoved(ply + 1, san)))
    }
    await white.page.getByText('Resign').click()
    await white.page.getByText('Really resign?').click()

    await black.page.getByText('You win').waitFor()
    expect(moves.some(({ san }) => san === 'fxg1=N+')).toBe(true)
  })

  it('a draw is offered and accepted, on phones', async () => {
    const { white, black } = await pair('10+0', { viewport: phone })
    await white.page.getByText('Offer draw').click()
    await black.page.getByText('Accept draw').click()

    await white.page.locator('.banner', { hasText: 'by agreement' }).waitFor()
    const width = await white.page.evaluate('document.documentElement.scrollWidth')
    expect(width).toBe(phone.width)
  })

  it('a friend comes by a link', async () => {
    const host = await BrowserPlayer.open(browser, server.url)
    await host.signUp('Ada')
    await host.page.getByLabel('Your colour').selectOption('white')
    await host.page.getByText('Create link').click()
    const link = await host.page.getByLabel('Link for your friend').inputValue()
    const guest = await BrowserPlayer.open(browser, link)
    await guest.page.getByText('Ada wants to play').waitFor()
    await guest.signUp('Grace')
    await guest.page.getByText('Accept and play').click()
    await host.page.waitForURL(/#\/game\//)

    await host.click('e2e4')
    await guest.untilMoved(1, 'e4')
    expect(await guest.page.locator('.square').first().getAttribute('data-square')).toBe('h1')
  })

  it('a game goes on by itself after the server was killed', async () => {
    await using ownFolder = await temporaryFolder()
    await using doomed = await ServerProcess.start(ownFolder.path)
    const { white, black } = await pair('30+20', { url: doomed.url })
    await white.click('e2e4')
    await black.untilMovable('e7e5')
    await doomed.end('SIGKILL')
    await black.page.getByText('reconnecting…').waitFor()
    await black.click('e7e5')
    await using restarted = await ServerProcess.start(ownFolder.path, { PORT: new URL(doomed.url).port })

    await white.untilMoved(2, 'e5')
    await black.page.getByText('reconnecting…').waitFor({ state: 'hidden' })
    await white.click('g1f3')
    await black.untilMoved(3, 'Nf3')
    expect(await black.page.locator('.ply').count()).toBe(3)
    expect(restarted.output.trimEnd().split('\n')).toHaveLength(1)
  })

  it('a player says whom to meet, and sees who waits', async () => {
    const player = await BrowserPlayer.open(browser, server.url)
    await player.signUp('Vera')
    await player.page.getByLabel('Opponents').selectOption('100')
    const asked = player.page.waitForRequest(
      (request) => request.url().endsWith('/queue') && request.method() === 'POST',
    )
    await player.page.locator('[data-control="30+20"]').click()

    expect((await asked).postDataJSON()).toEqual({ timeControl: '30+20', minRating: 1100, maxRating: 1300 })
    const other = await BrowserPlayer.open(browser, server.url)
    await other.signUp('Wim')
    await other.page.locator('[data-control="30+20"]', { hasText: '1 waiting' }).waitFor()
    await player.page.locator('[data-control="30+20"]').click()
    await other.page.locator('[data-control="30+20"]', { hasText: 'Classical' }).waitFor()
  })

  it('a player is the same one after a reload, and another one in a second tab', async () => {
    const first = await BrowserPlayer.open(browser, server.url)
    await first.signUp('Judit')
    await first.page.reload()
    await first.page.locator('#me b', { hasText: 'Judit' }).waitFor()
    const tab = await first.page.context().newPage()
    await tab.goto(server.url)

    await tab.getByPlaceholder('Your name').waitFor()
  })
})
