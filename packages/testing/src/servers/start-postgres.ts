import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { once } from 'node:events'
import { StorageError } from '@cruster/core'
import { freePorts } from './free-port.ts'
import { unprivilegedUser, type OsUser } from './os-user.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import { administer, postgresAt, type PostgresServer } from './postgres-server.ts'
import { removeWhenGone } from './remove-when-gone.ts'

/** How to start a server for tests. */
export interface StartPostgresOptions {
  /** The process with which the server ends, even when that is killed. Default: this one. */
  readonly owner?: number
  /** Where its files are, removed with it. Default: a new folder for temporary files. */
  readonly folder?: string
  /** More settings, as `postgres -c` takes them. `fsync` is on. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A server of one's own, which can be stopped and started. */
export interface StartedPostgres extends PostgresServer, AsyncDisposable {
  /** Of the server itself, the parent of its backends. */
  readonly pid: number
  /** `fast` ends connections and shuts down; `immediate` stops as after a power failure. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
}

/**
 * Starts a PostgreSQL of its own in a temporary folder, on a free port of this machine only. It is gone with its folder when
 * it is disposed, or when the owner is gone.
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<StartedPostgres> {
  const { owner = process.pid, settings = {} } = options
  const user = unprivilegedUser()
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'cruster-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const [port = 0] = await freePorts(1)
  try {
    const place = { binaries: reachable(postgresBinaries(), user, folder), folder, user, port, settings }
    initialize(place)
    const server = new LocalPostgres(place, owner)
    await server.start()
    return server
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw cause
  }
}

interface Place {
  readonly binaries: string
  readonly folder: string
  readonly user: OsUser | undefined
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
}

class LocalPostgres implements StartedPostgres {
  readonly url: string
  readonly createDatabase: PostgresServer['createDatabase']
  readonly #place: Place
  readonly #owner: number
  #process: ChildProcess | undefined

  constructor(place: Place, owner: number) {
    this.#place = place
    this.#owner = owner
    this.url = `postgres://postgres@127.0.0.1:${place.port}/postgres`
    this.createDatabase = postgresAt(this.url).createDatabase
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  async start(): Promise<void> {
    this.#process = launch(this.#place)
    removeWhenGone({ owner: this.#owner, server: this.pid, folder: this.#place.folder })
    await isReady(this.url, this.#process)
  }

  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const server = this.#process
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    server.ref()
    const isOver = once(server, 'exit')
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await isOver
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('immediate')
    rmSync(this.#place.folder, { recursive: true, force: true })
  }
}

/** Programs in the home of root cannot be run by others: a copy can. */
function reachable(binaries: string, user: OsUser | undefined, folder: string): string {
  if (user === undefined) return binaries
  try {
    execFileSync(join(binaries, 'postgres'), ['--version'], { ...user, cwd: folder, stdio: 'ignore' })
    return binaries
  } catch {
    // That user may not enter the folder.
    const copy = join(folder, 'programs')
    cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
    return join(copy, basename(binaries))
  }
}

function initialize({ binaries, folder, user }: Place): void {
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(binaries, 'initdb'), args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
}

function launch({ binaries, folder, user, port, settings }: Place): ChildProcess {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    autovacuum_naptime: '5s',
    log_min_messages: 'fatal',
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(binaries, 'postgres'), ['-D', join(folder, 'data'), '-p', String(port), ...args], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
    // Not hit by the Ctrl-C that ends the tests: its watchdog ends it.
    detached: true,
  })
  server.unref()
  return server
}

async function isReady(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    try {
      return await administer(url, 'select 1')
    } catch (cause) {
      if (server.exitCode !== null) throw ended(cause)
      await new Promise((resolve) => {
        // oxlint-disable-next-line no-restricted-globals -- it waits for another process, whose clock is the real one
        setTimeout(resolve, 20)
      })
    }
  }
}

function ended(cause: unknown): StorageError {
  return new StorageError('PostgreSQL for the tests ended while it started.', { outcome: 'not-started', cause })
}
