import { runnerAddress } from '@cruster/core'
import { GrpcTransport } from '../../src/index.ts'

/** Uses a transport in every way, closes it, and prints what keeps the process alive after that. */
const [server, client] = [new GrpcTransport(), new GrpcTransport()]
const listener = await server.listen(runnerAddress('127.0.0.1:0'), (connection) => {
  connection.send([{ kind: 'cancel', call: 1 }])
})
const lines = [await client.connect(listener.address, new AbortController().signal)]
lines.push(await client.connect(listener.address, new AbortController().signal))
await client.connect(runnerAddress('127.0.0.1:1'), new AbortController().signal).catch(() => {})
await client.connect(listener.address, AbortSignal.abort()).catch(() => {})
lines[0]?.close()

await client[Symbol.asyncDispose]()
await server[Symbol.asyncDispose]()

// Sockets are told to close by now, and have closed when the event loop comes round.
const turns = 10
for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
const left = process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/u.test(name))
console.log(JSON.stringify({ left }))
