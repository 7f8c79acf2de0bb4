import { fileURLToPath } from 'node:url'
import { chessClients } from './chess-clients.ts'
import { chessEntities } from './chess-entities.ts'
import type { ChessRuntime } from './chess-runtime.ts'
import type { ChessTime } from './chess-time.ts'
import type { Registrable } from '@cruster/sharding'
import { chessApi } from './http/chess-api.ts'
import { feeds } from './http/feeds.ts'
import { FrontDoor } from './http/front-door.ts'
import { StaticFiles } from './http/static-files.ts'

export interface ChessServerOptions {
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  /** What this process is called. */
  readonly name: string
  /** How long finished games are kept. */
  readonly retentionDays: number
  /** What players are measured by. */
  readonly time: ChessTime
  /** Starts whatever hosts the entities. */
  readonly startRuntime: (entities: readonly Registrable[]) => Promise<ChessRuntime>
  /** Told of errors that are ours. Default: the console. */
  readonly onDefect?: (error: unknown, request: string) => void
}

/** A server that is ready. Disposing it says goodbye to all clients, then stops the entities. */
export interface ChessServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
}

/** Static files lie beside the folder that this code runs from, be it `src` or `dist`. */
const publicFolder = fileURLToPath(new URL('../public/', import.meta.url))

/** Listens first, so that a port in use is noticed before any data is opened. */
export async function startChess(options: ChessServerOptions): Promise<ChessServer> {
  const { host, port, name, retentionDays, time, startRuntime, onDefect = logDefect } = options
  const files = new StaticFiles(publicFolder)
  const door = await FrontDoor.listen({ host, port, onDefect })
  try {
    const runtime = await startRuntime(chessEntities({ time, runner: name, retentionDays }))
    const clients = chessClients(runtime)
    const api = chessApi({ name, clients, runtime, files, onDefect })
    door.open({ fetch: (request) => api.fetch(request), feed: feeds(clients), health: () => runtime.health() })
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${door.port}`,
      async [Symbol.asyncDispose]() {
        await door[Symbol.asyncDispose]()
        await runtime[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await door[Symbol.asyncDispose]()
    throw error
  }
}

function logDefect(error: unknown, request: string): void {
  console.error(`${request} failed:`, error)
}
