import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrowserPlayer } from '../browser-player.ts'
import { launchChromium } from '../chromium.ts'
import { recordedGame } from '../recorded-game.ts'
import { ClusterProcess } from './cluster-process.ts'

let browser: Browser
let cluster: ClusterProcess

beforeAll(async () => {
  ;[browser, cluster] = await Promise.all([launchChromium(), ClusterProcess.start('--no-restart')])
})

afterAll(async () => {
  await browser?.close()
  await cluster?.[Symbol.asyncDispose]()
})

/** Where a picture of the page goes, for people who want to look: only if they say so. */
const pictures = process.env['CHESS_SCREENSHOTS']

async function picture(player: BrowserPlayer, name: string): Promise<void> {
  if (pictures !== undefined) await player.page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

const badge = ({ page }: BrowserPlayer) => page.locator('.host')

describe('three processes, in the browser', { timeout: 180_000 }, () => {
  it('two players play the Opera Game to mate and a third one watches, while the runner of the game is killed', async () => {
    const black = await BrowserPlayer.open(browser, cluster.url)
    const white = await BrowserPlayer.open(browser, cluster.url, { width: 390, height: 844 })
    await black.signUp('Karl')
    await white.signUp('Paul')
    await black.page.locator('.cluster .runner').nth(2).waitFor()
    await black.page.locator('[data-control="15+10"]').click()
    await black.page.getByText('Waiting for an opponent').waitFor()
    await white.page.locator('[data-control="15+10"]').click()
    await Promise.all([white, black].map(({ page }) => page.waitForURL(/#\/game\//)))
    const spectator = await BrowserPlayer.open(browser, white.page.url())
    const all = [white, black, spectator]
    const game = recordedGame('opera-game')
    await Promise.all(all.map((player) => badge(player).getByText('Served by runner').waitFor()))
    const host = (await badge(spectator).getAttribute('data-runner')) ?? ''

    for (const [ply, { uci, san }] of game.moves.entries()) {
      if (ply === 15) {
        await picture(spectator, 'before')
        process.kill(cluster.pidOf(host), 'SIGKILL')
        await badge(spectator).getByText('is silent').waitFor()
        await picture(spectator, 'silent')
      }
      await (ply % 2 === 0 ? white : black).click(uci)
      await Promise.all(all.map((player) => player.untilMoved(ply + 1, san)))
      if (ply === 15) {
        await Promise.all(all.map((player) => badge(player).getByText(`took over from ${host}`).waitFor()))
        await picture(spectator, 'after')
        await picture(white, 'after-phone')
      }
    }

    expect(await white.page.locator('.banner').innerText()).toContain('You win')
    expect(await black.page.locator('.banner').innerText()).toContain('You lose')
    expect(await spectator.page.locator('.banner').innerText()).toMatch(/1 – 0[\s\S]*White wins[\s\S]*by checkmate/)
    await picture(spectator, 'mate')
    expect(await badge(spectator).getAttribute('data-runner')).not.toBe(host)
    expect(await spectator.page.locator('.ply').count()).toBe(game.moves.length)
    expect(await black.pieces()).toEqual(await spectator.pieces())
    await white.page.locator('.player.me .rating', { hasText: '1216' }).waitFor()
    expect(all.flatMap(({ errors }) => errors)).toEqual([])
    expect(cluster.output).toMatch(new RegExp(`^runner ${host} has ended: SIGKILL$`, 'm'))
  })
})
