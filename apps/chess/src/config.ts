import { z } from 'zod'

/** What the environment decides. */
export interface Config {
  readonly host: string
  readonly port: number
  /** What this runner is called on the page and in answers. */
  readonly name: string
  /** How long finished games are kept. */
  readonly retentionDays: number
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
  /** `host:port` under which the other processes reach this one. */
  readonly address: string
  /** Where it listens for them instead of on the host of the address. */
  readonly bindHost: string | undefined
  /** How long a silent process counts as live. */
  readonly leaseTtlMs: number
  /** Secret that all processes share. */
  readonly token: string | undefined
  /** Folder with `ca.crt`, `tls.crt` and `tls.key`: processes talk over TLS, and show each other their certificates. */
  readonly tlsDir: string | undefined
  /** The name in the certificates of all processes. */
  readonly tlsName: string
}

/** A variable of the environment cannot be used. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

const port = 'must be a port number from 0 to 65535'
const notEmpty = 'must not be empty'

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d+$/, port)
    .transform(Number)
    .refine((value) => value <= 65_535, port)
    .default(3000),
  HOST: z.string().trim().min(1, notEmpty).default('127.0.0.1'),
  CRUSTER_DATA_DIR: z.string().trim().min(1, notEmpty).default('./.cruster'),
  POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be like postgres://user:password@host:5432/database')
    .optional(),
  ETCD_ENDPOINTS: z
    .string()
    .regex(/^https?:\/\/[^,\s]+(,https?:\/\/[^,\s]+)*$/, 'must be like http://host:2379, several with commas between')
    .transform((text) => text.split(','))
    .optional(),
  RUNNER_ADDRESS: z
    .string()
    .regex(/^.+:\d{1,5}$/, 'must be like 10.0.0.1:9000')
    .default('127.0.0.1:0'),
  RUNNER_BIND_HOST: z.string().trim().min(1, notEmpty).optional(),
  RUNNER_NAME: z.string().trim().min(1, notEmpty).max(64, 'must have at most 64 characters').optional(),
  LEASE_TTL: z
    .string()
    .regex(/^[1-9]\d*s$/, 'must be whole seconds, like 10s')
    .transform((text) => Number.parseInt(text, 10) * 1000)
    .default(10_000),
  GAME_RETENTION_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number of days from 1 to 99999')
    .transform(Number)
    .default(30),
  CLUSTER_TLS_DIR: z.string().trim().min(1, notEmpty).optional(),
  CLUSTER_TLS_NAME: z.string().trim().min(1, notEmpty).default('chess-runner'),
  CLUSTER_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
})

type Environment = z.output<typeof environment>

/** @throws EnvironmentError that names every variable which is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const result = environment.safeParse(withoutEmpty(env))
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => {
      const name = String(path[0])
      return `${name} ${message}; it is "${shown(name, env[name])}"`
    })
    throw new EnvironmentError(`${issues.join('. ')}.`)
  }
  const { HOST: host, PORT: number, RUNNER_NAME: name, GAME_RETENTION_DAYS: retentionDays } = result.data
  const runtime = runtimeOf(result.data)
  const called = name ?? (runtime.kind === 'cluster' ? runtime.address : 'single')
  return { host, port: number, name: called, retentionDays, runtime }
}

function runtimeOf(env: Environment): EmbeddedConfig | ClusterConfig {
  const { POSTGRES_URL: postgresUrl, ETCD_ENDPOINTS: etcdEndpoints } = env
  if (postgresUrl === undefined && etcdEndpoints === undefined) {
    return { kind: 'embedded', dataDir: env.CRUSTER_DATA_DIR }
  }
  if (postgresUrl === undefined || etcdEndpoints === undefined) {
    throw new EnvironmentError(
      'POSTGRES_URL and ETCD_ENDPOINTS make this a node of a cluster together: set both, or none of them to run in one process.',
    )
  }
  return {
    kind: 'cluster',
    postgresUrl,
    etcdEndpoints,
    address: env.RUNNER_ADDRESS,
    bindHost: env.RUNNER_BIND_HOST,
    leaseTtlMs: env.LEASE_TTL,
    token: env.CLUSTER_TOKEN,
    tlsDir: env.CLUSTER_TLS_DIR,
    tlsName: env.CLUSTER_TLS_NAME,
  }
}

/** Secrets stay out of messages. */
function shown(name: string, value = ''): string {
  return name === 'POSTGRES_URL' || name === 'CLUSTER_TOKEN' ? '…' : value
}

/** `PORT= npm start` means: no PORT. */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
