import { DiscoveryError } from '@cruster/core'
import type { LeaseClient } from 'etcd3'

type KeepAliveStream = Awaited<ReturnType<LeaseClient['leaseKeepAlive']>>

/**
 * Asks once for a lease to be renewed, on a stream for that alone: it has a deadline, so that silence is an error.
 * Resolves with the seconds the lease has from the moment of the asking; 0 when etcd does not know it any more.
 */
export function renewLease(stream: KeepAliveStream, lease: string): Promise<number> {
  return new Promise((resolve, reject) => {
    stream.on('data', ({ TTL }) => {
      resolve(Number(TTL))
      // Not `cancel`: the client would take that for a failed member and drop its connections.
      stream.end()
    })
    stream.on('error', reject)
    stream.on('end', () => {
      reject(new DiscoveryError('etcd ended the renewal of a lease without an answer. It is tried again.'))
    })
    stream.write({ ID: lease })
  })
}
