import { setTimeout as sleep } from 'node:timers/promises'
import { runnerAddress } from '@cruster/core'
import type { Connection, Listener } from '@cruster/core/ports'
import type { TransportWorld } from '@cruster/testing'
import { TcpProxy } from '@cruster/testing'
import { GrpcTransport } from '@cruster/transport-grpc'
import type { GrpcTransportOptions } from '@cruster/transport-grpc'

const keepAlive = { keepAliveInterval: 250, keepAliveTimeout: 500 }
const connectTimeoutMs = 1000

/** Two gRPC transports with a TCP proxy between them, in real time. */
export async function grpcTransportWorld(options: GrpcTransportOptions = {}): Promise<TransportWorld> {
  const settings = { ...keepAlive, connectTimeout: connectTimeoutMs, closeTimeout: 500, ...options }
  const [client, server] = [new GrpcTransport(settings), new GrpcTransport(settings)]
  const proxies: TcpProxy[] = []

  const listen = async (accept: (connection: Connection) => void): Promise<Listener> => {
    const listener = await server.listen(runnerAddress('127.0.0.1:0'), accept)
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(listener.address.split(':')[1]) })
    proxies.push(proxy)
    const address = runnerAddress(`${proxy.host}:${proxy.port}`)
    return { address, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
  }

  return {
    client,
    nobody: runnerAddress('127.0.0.1:1'),
    keepAliveMs: keepAlive.keepAliveInterval + keepAlive.keepAliveTimeout,
    connectTimeoutMs,
    listen,
    breakLines: async () => proxies.forEach((proxy) => proxy.breakLines()),
    silenceLines: async () => proxies.forEach((proxy) => proxy.silence()),
    advance: (ms) => sleep(ms),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      for (const proxy of proxies) await proxy[Symbol.asyncDispose]()
    },
  }
}
