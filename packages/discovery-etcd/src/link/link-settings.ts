import { ConfigError, parseDuration, silentLogger, SystemClock } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import type { EtcdCredentials, EtcdDiscoveryOptions, EtcdTls } from '../etcd-discovery-options.ts'

/** {@link EtcdDiscoveryOptions}, checked and complete. */
export interface LinkSettings {
  /** `http://host:port` or `https://host:port` */
  readonly endpoints: readonly string[]
  readonly prefix: string
  readonly leaseTtlS: number
  readonly callTimeoutMs: number
  readonly tls: EtcdTls | undefined
  readonly credentials: EtcdCredentials | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** @throws ConfigError for options that cannot work. */
export function linkSettings(options: EtcdDiscoveryOptions): LinkSettings {
  return {
    endpoints: parseEndpoints(options),
    prefix: options.prefix ?? '/cruster/',
    leaseTtlS: leaseSeconds(parseDuration(options.leaseTtl ?? '10s', 'leaseTtl of etcdDiscovery')),
    callTimeoutMs: callTimeout(parseDuration(options.callTimeout ?? '5s', 'callTimeout of etcdDiscovery')),
    tls: checkTls(options.tls),
    credentials: options.credentials,
    clock: options.clock ?? new SystemClock(),
    log: options.logger ?? silentLogger,
  }
}

const written = /^(?:(?<scheme>https?):\/\/)?(?<host>\[[^\]]+\]|[^/:]+)(?::(?<port>\d+))?\/?$/u

function parseEndpoints({ endpoints, tls }: EtcdDiscoveryOptions): readonly string[] {
  if (endpoints.length === 0)
    throw new ConfigError('etcdDiscovery needs at least one endpoint, such as http://10.0.0.9:2379.')
  const parsed = endpoints.map((text) => parseEndpoint(text, tls === undefined ? 'http' : 'https'))
  if (new Set(parsed.map((text) => text.startsWith('https:'))).size > 1) {
    throw new ConfigError(
      `Of the endpoints ${endpoints.join(', ')} some are encrypted and some are not. Make them alike.`,
    )
  }
  if (tls !== undefined && parsed.some((text) => text.startsWith('http:'))) {
    throw new ConfigError(
      `tls is given, but the endpoints ${endpoints.join(', ')} say http. Write https, or leave it out.`,
    )
  }
  return parsed
}

function parseEndpoint(text: string, byDefault: string): string {
  const { scheme = byDefault, host, port = '2379' } = written.exec(text)?.groups ?? {}
  if (host !== undefined) return `${scheme}://${host}:${port}`
  throw new ConfigError(`"${text}" is not an endpoint of etcd. Write it as http://host:port.`)
}

function callTimeout(ms: number): number {
  if (ms > 0) return ms
  throw new ConfigError('callTimeout of etcdDiscovery must be longer than nothing.')
}

/** etcd counts leases in whole seconds. */
function leaseSeconds(ms: number): number {
  if (ms >= 1000) return Math.ceil(ms / 1000)
  throw new ConfigError(`leaseTtl of etcdDiscovery is ${ms} ms. etcd counts leases in seconds: give at least 1s.`)
}

function checkTls(tls: EtcdTls | undefined): EtcdTls | undefined {
  if (tls === undefined || (tls.cert === undefined) === (tls.key === undefined)) return tls
  throw new ConfigError(
    'tls of etcdDiscovery has a certificate without its key, or a key without its certificate. Give both.',
  )
}
