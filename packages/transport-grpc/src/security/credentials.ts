import { ConfigError } from '@cruster/core'
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js'
import type { TlsOptions } from '../grpc-transport-options.ts'

/** @throws ConfigError when the certificates cannot be used. */
export function channelCredentials(tls: TlsOptions | undefined): ChannelCredentials {
  if (tls === undefined) return ChannelCredentials.createInsecure()
  return usable(() => ChannelCredentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert)))
}

/** @throws ConfigError when the certificates cannot be used, or one that listening needs is missing. */
export function serverCredentials(tls: TlsOptions | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure()
  const { cert, key, ca, verifyClients = false } = tls
  if (cert === undefined || key === undefined) {
    throw new ConfigError('Listening with TLS needs `tls.cert` and `tls.key`. Nothing was started.')
  }
  if (verifyClients && ca === undefined) {
    throw new ConfigError(
      '`tls.verifyClients` needs `tls.ca`, or every certificate that the public trusts would be let in. Nothing was started.',
    )
  }
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }
  return usable(() => ServerCredentials.createSsl(pem(ca), [pair], verifyClients))
}

const pem = (text: string | Uint8Array | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text))

function usable<Credentials>(make: () => Credentials): Credentials {
  try {
    return make()
  } catch (cause) {
    throw new ConfigError(
      'The certificates of a gRPC transport cannot be used. Nothing was started. ' +
        'Check that `tls.ca`, `tls.cert` and `tls.key` hold the text of PEM files, and that key and certificate belong together.',
      { cause },
    )
  }
}
