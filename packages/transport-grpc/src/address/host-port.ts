import { ConfigError } from '@cruster/core'
import type { RunnerAddress } from '@cruster/core'

/** Host and port of a runner's address. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/** @throws ConfigError when the address is not `host:port`. */
export function parseAddress(address: RunnerAddress): HostPort {
  const [, host, port] = /^(\[[^[\]]+\]|[^:[\]\s]+):(\d{1,5})$/u.exec(address) ?? []
  if (host !== undefined && Number(port) < 2 ** 16) return { host, port: Number(port) }
  throw new ConfigError(
    `"${address}" is not an address of a runner. Write it as host:port, for example 10.0.0.5:7000 or [::1]:7000.`,
  )
}
