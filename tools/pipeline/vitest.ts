import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { environment, repository, type Ended } from './capture.ts'
import { findChromium } from './chromium.ts'

export interface Counts {
  readonly passed: number
  readonly failed: number
}

/** Runs tests with their progress on the console, and counts them into `counts`. */
export async function runTests(args: readonly string[], counts: Counts[]): Promise<Ended> {
  const folder = join(repository, 'node_modules/.cache/vitest')
  const file = join(folder, `results-${counts.length}.json`)
  mkdirSync(folder, { recursive: true })
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const child = spawn('vitest', ['run', ...reporters, ...args], {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...environment, CHROMIUM_PATH: findChromium() },
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve(status ?? 1))
  })
  counts.push(countTests(file, code))
  return { code, output: 'see the output of vitest above' }
}

/** A run that failed without a failed test, say because a file could not be loaded, counts as one failure. */
function countTests(file: string, code: number): Counts {
  const results: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const passed = numberIn(results, 'numPassedTests')
  const failed = numberIn(results, 'numFailedTests')
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed }
}

function numberIn(results: unknown, key: string): number {
  const value: unknown = typeof results === 'object' && results !== null ? Reflect.get(results, key) : undefined
  return typeof value === 'number' ? value : 0
}
