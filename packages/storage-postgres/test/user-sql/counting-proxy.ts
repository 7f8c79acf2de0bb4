import { startProxy } from '../proxy.ts'

/** What clients asked the server for, counted by the messages of the protocol. */
export interface Asked {
  /** Messages to be answered at once: round trips, when nobody sends two without waiting. */
  syncs: number
  parses: number
  executes: number
}

/** Stands between a storage and PostgreSQL, and counts what its transactions with user SQL ask for. */
export interface CountingProxy extends AsyncDisposable {
  readonly url: string
  /** What was asked since the last call. */
  take(): Asked
}

const counted = new Map([
  ['S', 'syncs'],
  ['Q', 'syncs'],
  ['P', 'parses'],
  ['E', 'executes'],
] as const)

export async function countingProxy(target: string): Promise<CountingProxy> {
  let asked: Asked = { syncs: 0, parses: 0, executes: 0 }
  const { url, close } = await startProxy(target, ({ client, upstream }) => {
    const count = messageCounter((type) => {
      const key = counted.get(type as 'S')
      if (key !== undefined) asked[key] += 1
    })
    client.on('data', (data) => {
      count(data)
      upstream.write(data)
    })
    upstream.pipe(client)
  })
  return {
    url,
    take() {
      const taken = asked
      asked = { syncs: 0, parses: 0, executes: 0 }
      return taken
    },
    async [Symbol.asyncDispose]() {
      close()
    },
  }
}

/** Takes the bytes of one connection apart: the first message has no type, and says what the connection is for. */
function messageCounter(onMessage: (type: string) => void): (data: Buffer) => void {
  let pending = Buffer.alloc(0)
  let isOfTransactions: boolean | undefined
  return (data) => {
    pending = Buffer.concat([pending, data])
    for (;;) {
      const typeLength = isOfTransactions === undefined ? 0 : 1
      if (pending.length < typeLength + 4) return
      const length = typeLength + pending.readUInt32BE(typeLength)
      if (pending.length < length) return
      if (isOfTransactions === undefined) isOfTransactions = pending.subarray(0, length).includes('transactions')
      else if (isOfTransactions) onMessage(String.fromCharCode(pending[0] ?? 0))
      pending = pending.subarray(length)
    }
  }
}
