import type { Server } from 'node:http'

/** The server could not get its port. The message says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
}

export async function listen(server: Server, { host, port }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new ListenError(reason(error, host, port), { cause: error }))
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function reason(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop what listens there, or choose another port: PORT=${port + 1}`
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose a port from 1024 up: PORT=3000`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}. Choose one that it has: HOST=127.0.0.1`
    default:
      return `Could not listen on ${host}:${port}: ${error.message}`
  }
}
