import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { decode } from '@msgpack/msgpack'
import { ClusterClient } from 'cruster'
import { surroundings } from '../roles/cluster.ts'
import { startProgram } from '../roles/program.ts'
import type { Environment, Load, RateWorkload } from '../workload.ts'
import { VolatileCounter, entityId } from './counter.ts'
import { FrameReader, frameOf } from './frames.ts'

/** What goes there and back: 200 bytes with what surrounds them. */
const text = 'x'.repeat(180)

/** A volatile rpc from one process to another, both on this machine. */
export const w2: RateWorkload = {
  kind: 'rate',
  id: 'w2',
  title: 'volatile rpc, two processes, gRPC on loopback',
  baselineTitle: 'raw TCP echo of MessagePack frames',
  needs: ['postgres', 'etcd'],
  goals: new Map([
    [1, 0.2],
    [64, 0.3],
  ]),
  sides: { baseline: rawEcho, cruster: remoteCalls },
}

async function rawEcho(): Promise<Load> {
  const server = await startProgram('echo-server', undefined)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server tells
  const { port } = server.greeting as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const waiting = new Map<number, () => void>()
  const reader = new FrameReader()
  let [number, answers] = [0, 0]
  socket.on('data', (chunk: Buffer) => {
    for (const body of reader.read(chunk)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was sent
      const { id } = decode(body) as { readonly id: number }
      answers += 1
      waiting.get(id)?.()
      waiting.delete(id)
    }
  })
  return {
    operation: () =>
      new Promise<void>((resolve) => {
        number += 1
        waiting.set(number, resolve)
        socket.write(frameOf({ id: number, text }))
      }),
    verify: async () => ({ answers }),
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function remoteCalls({ etcdUrl = '', postgresUrl = '' }: Environment): Promise<Load> {
  const runner = await startProgram('runner', { etcdUrl, postgresUrl })
  const cluster = await ClusterClient.connect(surroundings({ etcdUrl }))
  const client = cluster.client(VolatileCounter)
  let answers = 0
  return {
    operation: async (caller, turn) => {
      if ((await client.get(entityId(caller, turn)).echo(text)) === text) answers += 1
    },
    verify: async () => ({ answers }),
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]()
      await runner[Symbol.asyncDispose]()
    },
  }
}
