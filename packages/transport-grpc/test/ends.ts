import { runnerAddress } from '@cruster/core'
import type { RunnerAddress } from '@cruster/core'
import type { Connection, Frame } from '@cruster/core/ports'
import { onTestFinished } from 'vitest'
import { GrpcTransport } from '../src/index.ts'
import type { GrpcTransportOptions } from '../src/index.ts'

/** A transport that ends with the test. */
export function transport(options: GrpcTransportOptions = {}): GrpcTransport {
  const opened = new GrpcTransport({ closeTimeout: 200, connectTimeout: 2000, ...options })
  onTestFinished(() => opened[Symbol.asyncDispose]())
  return opened
}

/** An end that listens on loopback, with the connections that come, each echoing what it is sent. */
export async function listening(
  options: GrpcTransportOptions = {},
): Promise<{ readonly address: RunnerAddress; readonly accepted: readonly Connection[] }> {
  const accepted: Connection[] = []
  const listener = await transport(options).listen(runnerAddress('127.0.0.1:0'), (connection) => {
    accepted.push(connection)
    void echo(connection)
  })
  return { address: listener.address, accepted }
}

/** Connects, by default without ever giving up. */
export function connect(address: RunnerAddress, options: GrpcTransportOptions = {}): Promise<Connection> {
  return transport(options).connect(address, new AbortController().signal)
}

/** Sends frames and resolves with the first batch that comes back. */
export async function echoOf(connection: Connection, frames: readonly Frame[]): Promise<readonly Frame[]> {
  connection.send(frames)
  for await (const batch of connection.frames) return batch
  return []
}

async function echo(connection: Connection): Promise<void> {
  for await (const frames of connection.frames) connection.send(frames)
}
