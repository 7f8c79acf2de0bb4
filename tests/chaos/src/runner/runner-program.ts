import { Runner } from '@cruster/sharding'
import { postgresStorage } from '@cruster/storage-postgres'
import { grpcTransport } from '@cruster/transport-grpc'
import { implementations } from '../bank/handlers.ts'
import { argument, endWithParent, tell } from '../process/parent.ts'
import { lines, surroundings } from '../process/surroundings.ts'
import { AdvertisedTransport } from './advertised-transport.ts'
import type { RunnerMessage, RunnerTask } from './runner-message.ts'

/** One runner of the bank. SIGTERM drains it. */
const { address, postgresUrl, etcdEndpoint } = argument() as RunnerTask
const say = (message: RunnerMessage): Promise<void> => tell(message)
endWithParent()

const { logger, ...rest } = surroundings(etcdEndpoint)
const transport = async (): Promise<AdvertisedTransport> =>
  new AdvertisedTransport(await grpcTransport({ ...lines, logger })(), (port) => say({ kind: 'listening', port }))
const runner = await Runner.start({
  ...rest,
  logger,
  address,
  transport,
  storage: postgresStorage({ connectionString: postgresUrl, statementTimeout: '4s', transactionTimeout: '8s', logger }),
  register: implementations,
})
process.once('SIGTERM', () => {
  void runner[Symbol.asyncDispose]().then(() => process.exit(0))
})
await say({ kind: 'ready' })
