import type { Browser, Page } from 'playwright-core'

/** Somebody at a browser of their own. */
export class BrowserPlayer {
  readonly page: Page
  /** What went wrong in the page. */
  readonly errors: string[] = []

  private constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  static async open(browser: Browser, url: string, viewport = { width: 1280, height: 800 }): Promise<BrowserPlayer> {
    const context = await browser.newContext({ viewport, hasTouch: viewport.width < 700 })
    const player = new BrowserPlayer(await context.newPage())
    await player.page.goto(url)
    return player
  }

  async signUp(name: string): Promise<void> {
    await this.page.getByPlaceholder('Your name').fill(name)
    await this.page.locator('.name-form button').click()
    await this.page.locator('#me b', { hasText: name }).waitFor()
  }

  square(name: string) {
    return this.page.locator(`[data-square="${name}"]`)
  }

  /** Moves with two clicks. */
  async click(uci: string): Promise<void> {
    await this.untilMovable(uci)
    await this.square(uci.slice(0, 2)).click()
    await this.square(uci.slice(2, 4)).click()
  }

  /** Moves by dragging the piece. */
  async drag(uci: string): Promise<void> {
    await this.untilMovable(uci)
    const [from, to] = await Promise.all([uci.slice(0, 2), uci.slice(2, 4)].map((name) => this.#middle(name)))
    await this.page.mouse.move(from!.x, from!.y)
    await this.page.mouse.down()
    await this.page.mouse.move(to!.x, to!.y, { steps: 4 })
    await this.page.mouse.up()
  }

  /** Moves with the keyboard alone. */
  async type(uci: string): Promise<void> {
    await this.untilMovable(uci)
    for (const name of [uci.slice(0, 2), uci.slice(2, 4)]) {
      const focused = this.page.locator('.square[tabindex="0"]')
      await focused.focus()
      const at = (await focused.getAttribute('data-square')) ?? ''
      const side = (await this.page.locator('.square').first().getAttribute('data-square')) === 'a8' ? 1 : -1
      await this.#press({
        right: (name.charCodeAt(0) - at.charCodeAt(0)) * side,
        up: (Number(name[1]) - Number(at[1])) * side,
      })
      await this.page.keyboard.press('Enter')
    }
  }

  async #press({ right, up }: { right: number; up: number }): Promise<void> {
    for (let step = 0; step < Math.abs(right); step++)
      await this.page.keyboard.press(right > 0 ? 'ArrowRight' : 'ArrowLeft')
    for (let step = 0; step < Math.abs(up); step++) await this.page.keyboard.press(up > 0 ? 'ArrowUp' : 'ArrowDown')
  }

  async untilMovable(uci: string): Promise<void> {
    await this.page.locator(`.movable[data-square="${uci.slice(0, 2)}"]`).waitFor()
  }

  /** Waits until the move list ends with a move. */
  async untilMoved(count: number, san: string): Promise<void> {
    await this.page
      .locator('.ply')
      .nth(count - 1)
      .getByText(san, { exact: true })
      .waitFor()
  }

  /** What the board shows, as `e4, white pawn` for each piece, in order. */
  async pieces(): Promise<string[]> {
    const labels = await this.page
      .locator('.square')
      .evaluateAll((all) => all.map((square) => square.getAttribute('aria-label') ?? ''))
    return labels.filter((label) => label.includes(',')).toSorted((a, b) => a.localeCompare(b))
  }

  async #middle(name: string): Promise<{ x: number; y: number }> {
    const box = await this.square(name).boundingBox()
    if (box === null) throw new Error(`There is no square ${name} to see.`)
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
}
