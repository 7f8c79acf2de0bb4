import type { EtcdLink } from '../link/etcd-link.ts'
import { sleep } from '../link/sleep.ts'

const pauseMs = 200

/** etcd ends leases up to this much later than it says. */
const lateMs = 1_000

/**
 * Resolves when it is known whether the holder of a lease has died: true when the lease has ended; false when it was
 * renewed, which shows as more time left than before, or lives on past its time. A dead holder's lease ends within its time.
 */
export async function hasEnded(link: EtcdLink, lease: string): Promise<boolean> {
  const { clock } = link
  const since = clock.monotonic()
  for (let lastS = Infinity; ;) {
    const { leftS, grantedS } = await link.timeToLive(lease)
    if (grantedS <= 0) return true
    if (leftS > lastS || clock.monotonic() - since > grantedS * 1000 + lateMs) return false
    lastS = leftS
    await sleep(clock, pauseMs)
  }
}
