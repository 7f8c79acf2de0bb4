import type { InstanceId, RunnerAddress } from '@cruster/core'
import type { ClusterView } from '../membership/cluster-view.ts'

/** Runners to which there may be a line, and who was at their addresses when the line was made. */
export class CalledRunners {
  readonly #called = new Map<RunnerAddress, InstanceId | undefined>()

  /** A runner is called. */
  note(address: RunnerAddress, view: ClusterView): void {
    if (!this.#called.has(address)) this.#called.set(address, instancesOf(view).get(address))
  }

  /**
   * Those whose lines lead to nobody, or to a process that is gone, now that the cluster is like this. A line to a process
   * that was ended by force can look open for minutes, while another process is at its address already.
   */
  outdated(view: ClusterView): readonly RunnerAddress[] {
    const present = instancesOf(view)
    const gone: RunnerAddress[] = []
    for (const [address, before] of this.#called) {
      const now = present.get(address)
      if (now === undefined || (before !== undefined && before !== now)) gone.push(address)
      else this.#called.set(address, now)
    }
    for (const address of gone) this.#called.delete(address)
    return gone
  }
}

function instancesOf({ runners }: ClusterView): ReadonlyMap<RunnerAddress, InstanceId> {
  return new Map([...runners.values()].map(({ address, instanceId }) => [address, instanceId]))
}
