import type { MachineId } from '@cruster/core'
import { DiscoveryError, machineId } from '@cruster/core'
import type { RunnerInfo } from '@cruster/core/ports'
import type { IKeyValue, ITxnResponse } from 'etcd3'
import type { EtcdLease } from '../lease/etcd-lease.ts'
import type { EtcdLink } from '../link/etcd-link.ts'
import { isAbsent } from '../registry/comparison.ts'
import type { KeySpace } from '../registry/key-space.ts'
import { encodeRunner, parseRunner } from '../registry/runner-record.ts'
import { hasEnded } from './predecessor.ts'

const machineIds = 1024

/** Where members write themselves down. */
export interface Registry {
  readonly link: EtcdLink
  readonly keys: KeySpace
}

/** A runner's entry in the registry. */
export interface Registered {
  readonly machineId: MachineId
  /** Revision of etcd at which its key was written last. */
  readonly revision: string
}

/** One try: written down, or why not. */
type Attempt =
  | ({ readonly kind: 'registered' } & Registered)
  | { readonly kind: 'address taken'; readonly holder: IKeyValue }
  | { readonly kind: 'machine id taken'; readonly taken: ReadonlySet<number> }

/**
 * Writes a runner down, with its address and a machine id that nobody else has, in one transaction.
 *
 * A predecessor at the same address that was killed is still there until its lease runs out; its end is waited for. One
 * that renews its lease is alive, and the newcomer is refused.
 */
export async function register(registry: Registry, lease: EtcdLease, runner: RunnerInfo): Promise<Registered> {
  // Leases are numbered one after the other: members that join at once try different ids, and an id comes again late.
  const preferred = Number(BigInt(lease.id) % BigInt(machineIds))
  let wanted = preferred
  for (;;) {
    const attempt = await tryToRegister(registry, lease, { runner, machineId: machineId(wanted) })
    if (attempt.kind === 'registered') return attempt
    if (attempt.kind === 'machine id taken') wanted = freeMachineId(attempt.taken, preferred)
    else await predecessorEnded(registry.link, runner, attempt.holder)
  }
}

async function tryToRegister(
  registry: Registry,
  lease: EtcdLease,
  record: Parameters<typeof encodeRunner>[0],
): Promise<Attempt> {
  const { link, keys } = registry
  const runnerKey = keys.runner(record.runner.address)
  const machineKey = keys.machine(record.machineId)
  const answer = await lease.watched(
    link.transact('joining', {
      compare: [isAbsent(runnerKey), isAbsent(machineKey)],
      success: [
        { request_put: { key: runnerKey, value: encodeRunner(record), lease: lease.id } },
        { request_put: { key: machineKey, value: Buffer.from(record.runner.instanceId), lease: lease.id } },
      ],
      failure: [{ request_range: { key: runnerKey } }, { request_range: { ...keys.machines, keys_only: true } }],
    }),
  )
  if (!answer.succeeded) return refusal(keys, lease, answer)
  return { kind: 'registered', machineId: record.machineId, revision: answer.header.revision }
}

function refusal(keys: KeySpace, lease: EtcdLease, { responses }: ITxnResponse): Attempt {
  const [holder] = responses[0]?.response_range.kvs ?? []
  if (holder === undefined) {
    const taken = responses[1]?.response_range.kvs ?? []
    return { kind: 'machine id taken', taken: new Set(taken.map(({ key }) => keys.machineOf(key))) }
  }
  const record = parseRunner(holder.value)
  // On our own lease: an earlier attempt was applied, and only its answer was lost.
  return holder.lease === lease.id && record !== undefined
    ? { kind: 'registered', machineId: record.machineId, revision: holder.mod_revision }
    : { kind: 'address taken', holder }
}

function freeMachineId(taken: ReadonlySet<number>, preferred: number): number {
  for (let tried = 0; tried < machineIds; tried += 1) {
    const id = (preferred + tried) % machineIds
    if (!taken.has(id)) return id
  }
  throw new DiscoveryError(`The cluster has ${machineIds} live members, and no machine id is left for another.`)
}

async function predecessorEnded(link: EtcdLink, { instanceId, address }: RunnerInfo, holder: IKeyValue): Promise<void> {
  const name = parseRunner(holder.value)?.runner.instanceId ?? 'that is unknown'
  link.log.log('info', 'A runner is registered at the same address; waiting for the end of its lease.', {
    address,
    instanceId: name,
  })
  if (await hasEnded(link, holder.lease)) return
  throw new DiscoveryError(
    `Runner ${name} is live at ${address}, so ${instanceId} cannot join there. Give each runner its own address, or wait ` +
      'until the former one has left.',
  )
}
