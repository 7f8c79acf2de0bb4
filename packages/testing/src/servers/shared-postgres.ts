import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { administer, postgresAt, type PostgresServer } from './postgres-server.ts'
import { startPostgres } from './start-postgres.ts'

/**
 * The server of a run of tests: the one at CRUSTER_TEST_PG_URL, or one that the first test file that asks for it starts and
 * the others share. It ends with the run.
 */
export async function sharedPostgres(): Promise<PostgresServer> {
  // oxlint-disable-next-line node/no-process-env -- how a developer or CI says which server to use
  const given = process.env['CRUSTER_TEST_PG_URL']
  if (given !== undefined && given !== '') return postgresAt(given)
  const folder = join(tmpdir(), `cruster-postgres-of-${runner()}`)
  return postgresAt(isFirst(folder) ? await startShared(folder) : await urlIn(folder))
}

/** The process that runs the tests: it starts others for the test files, or threads. */
function runner(): number {
  // oxlint-disable-next-line node/no-process-env -- set in the processes that vitest starts
  const isStarted = process.env['VITEST_POOL_ID'] !== undefined && isMainThread
  return isStarted ? process.ppid : process.pid
}

/** Making a folder succeeds once. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    // Another test file was first.
    return false
  }
}

async function startShared(folder: string): Promise<string> {
  try {
    const { url } = await startPostgres({ owner: runner(), folder })
    writeFileSync(join(folder, 'starting'), url)
    renameSync(join(folder, 'starting'), join(folder, 'url'))
    return url
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw cause
  }
}

/** Waits for whoever starts it. If that fails, this one tries, and says why it cannot. */
async function urlIn(folder: string): Promise<string> {
  const file = join(folder, 'url')
  while (!existsSync(file)) {
    if (isFirst(folder)) return startShared(folder)
    await new Promise((resolve) => {
      // oxlint-disable-next-line no-restricted-globals -- it waits for another process, whose clock is the real one
      setTimeout(resolve, 20)
    })
  }
  const url = readFileSync(file, 'utf8')
  try {
    await administer(url, 'select 1')
    return url
  } catch {
    // Left by a run with the same process id that ended together with the machine.
    rmSync(folder, { recursive: true, force: true })
    return urlIn(folder)
  }
}
