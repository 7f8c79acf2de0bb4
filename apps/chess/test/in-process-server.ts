import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChess } from '../src/chess-server.ts'
import { embeddedRuntime } from '../src/embedded-runtime.ts'
import { systemTime } from '../src/system-time.ts'
import { ChessApiClient } from './chess-api-client.ts'

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'chess-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export interface TestServer extends AsyncDisposable {
  readonly api: ChessApiClient
  readonly url: string
  /** Errors that the server took for its own. */
  readonly defects: readonly unknown[]
}

/** A whole server in this process, on a free port and a folder of its own. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await temporaryFolder()
  const defects: unknown[] = []
  const server = await startChess({
    host: '127.0.0.1',
    port: 0,
    name: 'test',
    retentionDays: 30,
    time: systemTime,
    startRuntime: embeddedRuntime(folder.path),
    onDefect: (error) => defects.push(error),
  })
  return {
    api: new ChessApiClient(server.url),
    url: server.url,
    defects,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
