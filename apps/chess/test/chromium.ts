import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome']

/** Starts a browser without a window. @throws with instructions when there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...places].find((path) => path !== '' && existsSync(path))
  if (executablePath === undefined) {
    throw new Error(
      'The browser tests need Chromium, and none was found. Install it (Debian: apt-get install -y chromium), ' +
        'or set CHROMIUM_PATH to the program.',
    )
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
