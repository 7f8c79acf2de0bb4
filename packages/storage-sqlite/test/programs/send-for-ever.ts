import { epoch, requestId, shardId } from '@cruster/core'
import { openSqliteStorage } from '@cruster/storage-sqlite'

/** Commits units, eight at a time, and prints the id of each that was answered, until it is killed. */
const [file = ''] = process.argv.slice(2)
const storage = await openSqliteStorage({ file })
const shard = shardId('default', 0)
const fence = { shard, epoch: epoch(1) }
await storage.claim([fence])

async function send(sender: number): Promise<never> {
  const address = { shard, type: 'Counter', id: String(sender) }
  const state = new Uint8Array(100)
  const rest = { address, method: 'add', payload: state, headers: {}, oneWay: false, retainMs: 1e9 }
  for (let version = 1; ; version++) {
    const id = requestId(`${sender}-${version}`)
    const operations = [
      { kind: 'saveMessage', message: { id, ...rest } },
      { kind: 'putState', address, version, state },
    ] as const
    const [result] = await storage.commit([{ fence, operations }])
    if (result?.kind === 'applied') console.log(id)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, sender) => send(sender)))
