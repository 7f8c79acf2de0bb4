import { startFailure } from '../start-failure.ts'
import { untilToldToEnd } from '../until-told-to-end.ts'
import { Backends } from './backends.ts'
import type { ClusterOptions } from './cluster-options.ts'
import { readClusterOptions, usage } from './cluster-options.ts'
import { FrontProxy } from './front-proxy.ts'
import { RunnerCrew } from './runner-crew.ts'
import { provideServers } from './servers.ts'

/** How soon the games of a runner that was killed go on elsewhere. On one machine nothing is slow enough to need more. */
const leaseTtl = '3s'

const say = (line: string): void => console.log(line)

/** Several processes, what they stand on, and one address for all of them, until it is told to end. */
async function run({ runners, host, port, restarts }: ClusterOptions): Promise<void> {
  const told = untilToldToEnd()
  const servers = await provideServers(process.env, say)
  const backends = new Backends(() => performance.now())
  const env = { POSTGRES_URL: servers.postgresUrl, ETCD_ENDPOINTS: servers.etcdEndpoints, LEASE_TTL: leaseTtl }
  const crew = new RunnerCrew({ env, backends, restarts, say })
  try {
    const proxy = await FrontProxy.listen({ host, port }, backends)
    try {
      const isReady = await Promise.race([crew.start(runners).then(() => true), told.then(() => false)])
      if (isReady) say(`Chess is ready: ${proxy.url}`)
      await told
      say('Ending: the runners hand over and leave. Ctrl-C again ends them at once.')
      process.once('SIGINT', () => crew.kill())
    } finally {
      await proxy[Symbol.asyncDispose]()
    }
  } finally {
    await crew[Symbol.asyncDispose]()
    await servers[Symbol.asyncDispose]()
  }
}

try {
  const options = readClusterOptions(process.argv.slice(2))
  if (options === 'help') say(usage)
  else await run(options)
  process.exit(0)
} catch (error) {
  console.error(startFailure(error))
  process.exit(1)
}
