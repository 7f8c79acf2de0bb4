import { ConfigError, SystemClock, parseDuration, silentLogger } from '@cruster/core'
import type { Duration } from '@cruster/core'
import type { Clock, Logger } from '@cruster/core/ports'
import type { ChannelOptions } from '@grpc/grpc-js'
import type { GrpcTransportOptions, TlsOptions } from './grpc-transport-options.ts'
import { GrpcHealth } from './server/grpc-health.ts'

/** {@link GrpcTransportOptions} with every default filled in. */
export interface TransportSettings {
  readonly tls: TlsOptions | undefined
  /** The first is sent, all are accepted. Empty: none is asked for. */
  readonly tokens: readonly string[]
  readonly insecure: boolean
  readonly bindHost: string | undefined
  readonly connectTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly maxFrameBytes: number
  readonly maxQueuedBytes: number
  readonly channelOptions: ChannelOptions
  readonly health: GrpcHealth
  readonly log: Logger
  readonly clock: Clock
}

const MiB = 1024 * 1024

/** @throws ConfigError that names the first option that cannot work. */
export function transportSettings(options: GrpcTransportOptions): TransportSettings {
  const maxFrameBytes = wholeNumber(options.maxFrameBytes ?? 16 * MiB, 'maxFrameBytes')
  const connectTimeoutMs = milliseconds(options.connectTimeout ?? '5s', 'connectTimeout')
  return {
    tls: options.tls,
    tokens: tokensOf(options.token),
    insecure: options.insecure ?? false,
    bindHost: options.bindHost,
    connectTimeoutMs,
    closeTimeoutMs: milliseconds(options.closeTimeout ?? '2s', 'closeTimeout'),
    maxFrameBytes,
    maxQueuedBytes: wholeNumber(options.maxQueuedBytes ?? 64 * MiB, 'maxQueuedBytes'),
    channelOptions: channelOptions(options, { maxFrameBytes, connectTimeoutMs }),
    health: options.health ?? new GrpcHealth(),
    log: options.logger ?? silentLogger,
    clock: options.clock ?? new SystemClock(),
  }
}

function channelOptions(
  options: GrpcTransportOptions,
  { maxFrameBytes, connectTimeoutMs }: { readonly maxFrameBytes: number; readonly connectTimeoutMs: number },
): ChannelOptions {
  const ours: ChannelOptions = {
    'grpc.keepalive_time_ms': milliseconds(options.keepAliveInterval ?? '5s', 'keepAliveInterval'),
    'grpc.keepalive_timeout_ms': milliseconds(options.keepAliveTimeout ?? '5s', 'keepAliveTimeout'),
    'grpc.max_receive_message_length': maxFrameBytes,
    'grpc.max_send_message_length': maxFrameBytes,
    // The side that connects can take this much before it answers; the 64 KiB of HTTP/2 are little over some distance.
    'grpc-node.flow_control_window': MiB,
    // A line is a connection of its own, and one that broke stays broken: no sharing, no repeating, no waiting.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    // Runners talk to each other directly, whatever the environment says of proxies for the web.
    'grpc.enable_http_proxy': 0,
    // Despite its name, and only since nice-grpc has patched grpc-js: when an attempt that nobody answers lets go of its socket.
    'grpc.min_reconnect_backoff_ms': connectTimeoutMs,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_channelz': 0,
    ...(options.tls?.serverName !== undefined && { 'grpc.ssl_target_name_override': options.tls.serverName }),
  }
  return options.channelOptions?.(ours) ?? ours
}

function tokensOf(token: string | readonly string[] = []): readonly string[] {
  const tokens = typeof token === 'string' ? [token] : token
  if (tokens.every((text) => /^[\u0021-\u007e]+$/u.test(text))) return tokens
  throw new ConfigError(
    'The token of a gRPC transport is empty, or has characters other than printable ASCII. Nothing was started. ' +
      'Use a long random text, such as the output of "openssl rand -hex 32", and check that its variable is set.',
  )
}

function milliseconds(duration: Duration, name: string): number {
  const ms = parseDuration(duration, `${name} of a gRPC transport`)
  if (ms > 0) return ms
  throw new ConfigError(`${name} of a gRPC transport must be longer than nothing.`)
}

function wholeNumber(value: number, name: string): number {
  const least = 1024
  if (Number.isInteger(value) && value >= least && value <= 2 ** 31 - 1) return value
  throw new ConfigError(`${name} of a gRPC transport must be a whole number of bytes from ${least}; it is ${value}.`)
}
