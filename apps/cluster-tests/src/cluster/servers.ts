import { EtcdServer, startPostgres } from '@cruster/testing/servers'
import { EnvironmentError } from '../config.ts'

/** The servers that a cluster stands on. */
export interface Servers extends AsyncDisposable {
  readonly postgresUrl: string
  readonly etcdEndpoints: string
}

/** Those that the environment names, which stay as they are; else new ones for this run, which end with it. */
export async function provideServers(env: Readonly<Record<string, string | undefined>>): Promise<Servers> {
  const { POSTGRES_URL: postgresUrl = '', ETCD_ENDPOINTS: etcdEndpoints = '' } = env
  if (postgresUrl !== '' && etcdEndpoints !== '') {
    return { postgresUrl, etcdEndpoints, [Symbol.asyncDispose]: async () => undefined }
  }
  if (postgresUrl !== '' || etcdEndpoints !== '') {
    throw new EnvironmentError('Set both POSTGRES_URL and ETCD_ENDPOINTS, or none of them for throw-away servers.')
  }
  const postgres = await startPostgres()
  try {
    const etcd = await EtcdServer.start()
    return {
      postgresUrl: postgres.url,
      etcdEndpoints: etcd.endpoint,
      async [Symbol.asyncDispose]() {
        await etcd[Symbol.asyncDispose]()
        await postgres[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await postgres[Symbol.asyncDispose]()
    throw error
  }
}
