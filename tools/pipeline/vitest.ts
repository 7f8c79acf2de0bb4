import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { environment, repository, type Ended } from './capture.ts'
import { findChromium } from './chromium.ts'

export interface Counts {
  readonly passed: number
  readonly failed: number
  /** The titles of the tests that failed. */
  readonly titles: readonly string[]
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
  const results = existsSync(file) ? readReport(readFileSync(file, 'utf8')) : noResults
  const files = results.testResults ?? []
  const titles = files.flatMap(({ name, status, assertionResults = [] }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName)
    return failed.length === 0 && status === 'failed' ? [name] : failed
  })
  const failed = results.numFailedTests ?? 0
  return { passed: results.numPassedTests ?? 0, failed: code !== 0 && failed === 0 ? 1 : failed, titles }
}

/** What is read of the report that `--reporter=json` writes. */
interface Report {
  readonly numPassedTests?: number
  readonly numFailedTests?: number
  readonly testResults?: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults?: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const noResults: Report = {}

function readReport(text: string): Report {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- vitest wrote it a moment ago
  return JSON.parse(text) as Report
}
