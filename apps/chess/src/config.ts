import { z } from 'zod'

/** What the environment decides. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
}

/** A variable of the environment cannot be used. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

const port = 'must be a port number from 0 to 65535'

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d+$/, port)
    .transform(Number)
    .refine((value) => value <= 65_535, port)
    .default(3000),
  HOST: z.string().trim().min(1, 'must not be empty').default('127.0.0.1'),
  CRUSTER_DATA_DIR: z.string().trim().min(1, 'must not be empty').default('./.cruster'),
})

/** Settings of a node of a cluster. Ignoring one would put data where its owner does not expect it. */
const ofClusters = ['POSTGRES_URL', 'ETCD_ENDPOINTS', 'RUNNER_ADDRESS']

/** @throws EnvironmentError that names every variable which is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const cluster = ofClusters.filter((name) => (env[name] ?? '') !== '')
  if (cluster.length > 0) {
    throw new EnvironmentError(
      `${cluster.join(', ')}: this version runs in one process only and keeps its data in a folder. Unset it, and set CRUSTER_DATA_DIR.`,
    )
  }
  const result = environment.safeParse(withoutEmpty(env))
  if (result.success) {
    const { HOST, PORT, CRUSTER_DATA_DIR } = result.data
    return { host: HOST, port: PORT, dataDir: CRUSTER_DATA_DIR }
  }
  const issues = result.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    return `${name} ${message}; it is "${env[name] ?? ''}"`
  })
  throw new EnvironmentError(`${issues.join('. ')}.`)
}

/** `PORT= npm start` means: no PORT. */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
