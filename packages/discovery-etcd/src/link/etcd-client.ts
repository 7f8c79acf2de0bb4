import { noop } from 'cockatiel'
import { Etcd3 } from 'etcd3'
import type { IOptions } from 'etcd3'
import type { LinkSettings } from './link-settings.ts'
import { MemberHealth } from './member-health.ts'
import { MemberPolicy } from './member-policy.ts'

/** How calls are made; a deadline above all, for without one they hang. */
export type CallOptions = Exclude<NonNullable<IOptions['defaultCallOptions']>, (...args: never[]) => unknown>

/**
 * A client of etcd that tries each call once. The fault handling that it comes with is off: it repeats transactions
 * silently, and blocks all members for 5 s when an election makes each of them fail three times.
 */
export function createEtcdClient(settings: LinkSettings, deadline: () => number): Etcd3 {
  const { endpoints, tls, credentials } = settings
  const health = new MemberHealth(settings.clock, endpoints)
  return new Etcd3({
    hosts: [...endpoints],
    faultHandling: { host: (member) => new MemberPolicy(health, member), global: noop },
    grpcOptions: {
      // Connections of its own, so that giving one up really makes a new one, and two clusters do not share one.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1000,
      // A snapshot of 65 536 locks has 10 MB.
      'grpc.max_receive_message_length': -1,
    },
    ...(tls === undefined ? {} : { credentials: tlsCredentials(tls) }),
    ...(credentials === undefined ? {} : { auth: { ...credentials, callOptions: () => ({ deadline: deadline() }) } }),
  })
}

function tlsCredentials({ ca, cert, key }: NonNullable<LinkSettings['tls']>): NonNullable<IOptions['credentials']> {
  return {
    rootCertificate: Buffer.from(ca),
    ...(cert === undefined || key === undefined ? {} : { certChain: Buffer.from(cert), privateKey: Buffer.from(key) }),
  }
}
