import type { Duration } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import type { ChannelOptions } from '@grpc/grpc-js'
import type { GrpcHealth } from './server/grpc-health.ts'

/** How to make a {@link GrpcTransport}. Without any option it serves and calls runners on the same machine. */
export interface GrpcTransportOptions {
  /** Encrypts all lines. Every process of the cluster needs it then. Default: plain text. */
  readonly tls?: TlsOptions
  /**
   * A secret that all processes of the cluster share. Who does not know it is refused. Of several, the first is sent and
   * all are accepted, so that a secret can be replaced without a stop. Without `tls` it crosses the network readably.
   */
  readonly token?: string | readonly string[]
  /**
   * Allows listening without `tls` and `token` on an address that other machines can reach: whoever reaches it can call
   * every entity. For networks that are closed by other means. Default false.
   */
  readonly insecure?: boolean
  /** Listens here instead of on the host of the address, with its port. `0.0.0.0`: on all interfaces of the machine. */
  readonly bindHost?: string
  /** How long a connect may take, with TLS and the check of the token. Default 5 s. */
  readonly connectTimeout?: Duration
  /**
   * A line is asked for a sign of life this often. Default 5 s. Together with `keepAliveTimeout` this is how long a
   * peer that died without a word, or froze, keeps its callers waiting. Shorter costs little: a ping is 17 bytes.
   */
  readonly keepAliveInterval?: Duration
  /** How long the answer may take. Default 5 s. A peer whose event loop is blocked for longer loses its lines. */
  readonly keepAliveTimeout?: Duration
  /** How long a line that is closed may take to send what waits; then it is cut. Default 2 s. */
  readonly closeTimeout?: Duration
  /**
   * Largest frame, in bytes: a payload with what surrounds it, or of a resumed stream two. Default 16 MiB. A larger one is
   * not sent, and its call ends with `PayloadTooLarge`. Equal on all processes, and above twice their `maxPayloadBytes`.
   */
  readonly maxFrameBytes?: number
  /**
   * How much may wait in memory for a peer that does not keep up, in bytes. Default 64 MiB. Beyond it the line is closed:
   * lower protects memory, higher endures longer bursts.
   */
  readonly maxQueuedBytes?: number
  /** Last word on the options of grpc-js for channels and servers; gets those that the transport would use. */
  readonly channelOptions?: (options: ChannelOptions) => ChannelOptions
  /** What health checks are told; keep it to change it. Default: always serving. */
  readonly health?: GrpcHealth
  /** Hears of peers that are refused or send nonsense. Default: nobody. */
  readonly logger?: Logger
  /** Measures the time-outs, except that of keep-alives, which grpc-js measures. Default: the system's clock. */
  readonly clock?: Clock
}

/** Certificates and keys, each the text of a PEM file. */
export interface TlsOptions {
  /** Authorities of which one must have signed the certificate of a peer. Default: those that Node trusts. */
  readonly ca?: string | Uint8Array
  /** Certificate of this process, with those between it and the authority. Needed to listen, and to call with `verifyClients`. */
  readonly cert?: string | Uint8Array
  /** Private key of the certificate. */
  readonly key?: string | Uint8Array
  /** Refuses callers without a certificate that `ca` has signed (mutual TLS). Default false. */
  readonly verifyClients?: boolean
  /** The name that must be in the certificate of a peer. Default: the host of its address. */
  readonly serverName?: string
}
