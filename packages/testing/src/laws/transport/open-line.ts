import type { Listener } from '@cruster/core/ports'
import { eventually } from '../../eventually.ts'
import { ConnectionLog } from './connection-log.ts'
import type { TransportWorld } from './transport-world.ts'

/** A connection with both of its ends, and the listener that took it. */
export interface OpenLine {
  readonly listener: Listener
  readonly client: ConnectionLog
  readonly server: ConnectionLog
  /** Opens one more. */
  again(): Promise<OpenLine>
}

/** Lets one process listen and the other connect to it. */
export async function openLine(world: TransportWorld): Promise<OpenLine> {
  const accepted: ConnectionLog[] = []
  const listener = await world.listen((connection) => accepted.push(new ConnectionLog(connection)))
  const connect = async (): Promise<OpenLine> => {
    const before = accepted.length
    const client = new ConnectionLog(await world.client.connect(listener.address, new AbortController().signal))
    await eventually(world, 'the connection was accepted', {
      withinMs: world.connectTimeoutMs,
      holds: () => accepted.length > before,
    })
    const server = accepted.at(-1) ?? client
    return { listener, client, server, again: connect }
  }
  return connect()
}
