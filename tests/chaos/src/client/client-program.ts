import { ClusterClient } from '@cruster/sharding'
import { Dice } from '@cruster/testing'
import { grpcTransport } from '@cruster/transport-grpc'
import { argument, endWithParent, tell } from '../process/parent.ts'
import { lines, surroundings } from '../process/surroundings.ts'
import type { ClientMessage, ClientTask, FinishOrder } from './client-message.ts'
import type { Means } from './transferring.ts'
import { Worker } from './worker.ts'

/** A client of the bank: several callers, each with one call at a time. */
const task = argument() as ClientTask
const say = (message: ClientMessage): Promise<void> => tell(message)
endWithParent()

const finish = new AbortController()
process.on('message', ({ kind }: FinishOrder) => {
  if (kind === 'finish') finish.abort()
})
const { logger, ...rest } = surroundings(task.etcdEndpoint)
const client = await ClusterClient.connect({ ...rest, logger, transport: grpcTransport({ ...lines, logger }) })
await say({ kind: 'ready' })

const workers = Array.from({ length: task.workers }, (_, index) => {
  const name = `${task.name}.${index + 1}`
  const means: Means = {
    client: (contract) => client.client(contract),
    dice: new Dice(task.seed).named(name),
    report: (report) => void say({ kind: 'call', report }),
    wrong: (text) => void say({ kind: 'wrong', text }),
  }
  const open = task.open.filter((_transfer, at) => at % task.workers === index)
  return new Worker({ name, task, open }, means, say)
})
await Promise.all(workers.map((worker) => worker.work(finish.signal)))
await say({ kind: 'finished' })
await client[Symbol.asyncDispose]()
process.exit(0)
