import { EtcdServer, startPostgres } from '@cruster/testing/servers'

/**
 * `pnpm infra`: a throw-away PostgreSQL and etcd on free ports of this machine, until Ctrl-C; for those without Docker. With
 * Docker `docker compose up` starts servers that keep their data.
 *
 * What goes to the standard output can be evaluated by a shell.
 */

const told = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
})

const servers: AsyncDisposable[] = []
try {
  const postgres = await startPostgres()
  servers.unshift(postgres)
  const etcd = await EtcdServer.start()
  servers.unshift(etcd)
  console.log(`export POSTGRES_URL=${postgres.url}`)
  console.log(`export ETCD_ENDPOINTS=${etcd.endpoint}`)
  console.error('PostgreSQL and etcd are running. Ctrl-C ends them and removes what they stored.')
  await told
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  for (const server of servers) await server[Symbol.asyncDispose]()
}
