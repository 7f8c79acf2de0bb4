import { z } from 'zod'

/** What the environment decides. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly shardsPerGroup: number
  readonly runtime: EmbeddedConfig | ClusterConfig
}

/** Everything in this process. */
export interface EmbeddedConfig {
  readonly kind: 'embedded'
  readonly dataDir: string
}

/** One of several processes on the same PostgreSQL and etcd. */
export interface ClusterConfig {
  readonly kind: 'cluster'
  readonly postgresUrl: string
  readonly etcdEndpoints: readonly string[]
  readonly etcdPrefix: string
  /** `host:port` under which the other processes reach this one. */
  readonly address: string
  /** Where it listens for them. */
  readonly grpcHost: string | undefined
  readonly grpcPort: number | undefined
  readonly leaseTtlSeconds: number
}

/** A variable of the environment cannot be used. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value <= most, `must be at most ${most}`)

const environment = z.object({
  POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be like postgres://user:password@host:5432/database')
    .optional(),
  ETCD_ENDPOINTS: z.string().transform(endpoints).optional(),
  RUNNER_ADDRESS: z
    .string()
    .regex(/^.+:\d{1,5}$/, 'must be like 10.0.0.1:9000')
    .default('127.0.0.1:0'),
  GRPC_PORT: whole(65_535).optional(),
  GRPC_HOST: z.string().min(1).optional(),
  LISTEN_ADDR: z
    .string()
    .regex(/^.+:\d{1,5}$/, 'must be like 0.0.0.0:8080')
    .default('0.0.0.0:8080'),
  ETCD_PREFIX: z.string().min(1).default('/cluster-tests/'),
  LEASE_TTL_SECS: whole(86_400).default(30),
  SHARDS_PER_GROUP: whole(65_536).default(300),
  CRUSTER_DATA_DIR: z.string().min(1).default('./.cruster'),
})

type Environment = z.output<typeof environment>

/** @throws EnvironmentError that names every variable which is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
    throw new EnvironmentError(`${issues.join('. ')}.`)
  }
  const { LISTEN_ADDR: listen, SHARDS_PER_GROUP: shardsPerGroup } = result.data
  return { ...place(listen), shardsPerGroup, runtime: runtimeOf(result.data) }
}

function runtimeOf(env: Environment): EmbeddedConfig | ClusterConfig {
  const { POSTGRES_URL: postgresUrl, ETCD_ENDPOINTS: etcdEndpoints } = env
  if (postgresUrl === undefined && etcdEndpoints === undefined) {
    return { kind: 'embedded', dataDir: env.CRUSTER_DATA_DIR }
  }
  if (postgresUrl === undefined || etcdEndpoints === undefined) {
    throw new EnvironmentError('Set both POSTGRES_URL and ETCD_ENDPOINTS, or none of them to run in one process.')
  }
  return {
    kind: 'cluster',
    postgresUrl,
    etcdEndpoints,
    etcdPrefix: env.ETCD_PREFIX,
    address: env.RUNNER_ADDRESS,
    grpcHost: env.GRPC_HOST,
    grpcPort: env.GRPC_PORT,
    leaseTtlSeconds: env.LEASE_TTL_SECS,
  }
}

/** `host:port`, or URLs, with commas between. */
function endpoints(text: string): readonly string[] {
  const each = text.split(',').map((endpoint) => endpoint.trim())
  return each.filter(Boolean).map((endpoint) => (endpoint.includes('://') ? endpoint : `http://${endpoint}`))
}

/** The parts of `host:port`; an IPv6 address is in brackets. */
export function place(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/u, '$1')
  return { host, port: Number(address.slice(colon + 1)) }
}
