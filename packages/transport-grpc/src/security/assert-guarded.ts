import { ConfigError } from '@cruster/core'
import type { TransportSettings } from '../transport-settings.ts'

/**
 * Who listens where others can reach it must know who calls.
 *
 * @throws ConfigError when nobody could know, and that was not asked for.
 */
export function assertGuarded(host: string, settings: TransportSettings): void {
  if (isLoopback(host) || settings.insecure || settings.tls !== undefined || settings.tokens.length > 0) return
  throw new ConfigError(
    `Listening on ${host} without TLS or a token would let everybody who reaches it call every entity. Nothing was started. ` +
      'Give the gRPC transport `tls` or a `token`; or listen on 127.0.0.1; or say `insecure: true` if the network is closed.',
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/u.test(host)
}
