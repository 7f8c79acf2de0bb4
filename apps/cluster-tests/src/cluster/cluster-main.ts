import { parseArgs } from 'node:util'
import { EnvironmentError } from '../config.ts'
import { untilToldToEnd } from '../until-told-to-end.ts'
import { NodeDidNotStart } from './node-process.ts'
import { NodeCrew } from './node-crew.ts'
import { RoundRobinProxy } from './round-robin-proxy.ts'
import { provideServers } from './servers.ts'

/** `--nodes 3 --port 8080`: nodes on PostgreSQL and etcd, behind one address. */
function options(args: readonly string[]): { readonly nodes: number; readonly port: number } {
  const { values } = parseArgs({
    args: [...args],
    options: { nodes: { type: 'string', default: '3' }, port: { type: 'string', default: '8080' } },
  })
  const [nodes, port] = [Number(values.nodes), Number(values.port)]
  if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= 50)) throw new EnvironmentError('--nodes must be 1 … 50.')
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new EnvironmentError('--port must be a port number.')
  return { nodes, port }
}

async function run(): Promise<void> {
  const told = untilToldToEnd()
  const { nodes, port } = options(process.argv.slice(2))
  await using servers = await provideServers(process.env)
  console.log(`PostgreSQL ${servers.postgresUrl}, etcd ${servers.etcdEndpoints}`)
  await using crew = await NodeCrew.start({ nodes, servers, say: (line) => console.log(line) })
  await using proxy = await RoundRobinProxy.listen({ host: '127.0.0.1', port }, () => crew.urls)
  console.log(`The cluster is ready: ${proxy.url}`)
  await told
}

try {
  await run()
  process.exit(0)
} catch (error) {
  console.error(error instanceof EnvironmentError || error instanceof NodeDidNotStart ? error.message : error)
  process.exit(1)
}
