import type { ICompare } from 'etcd3'

/** The key does not exist. */
export function isAbsent(key: Buffer): ICompare {
  return isCreatedAt(key, 0)
}

/** The key is the one that was created at this revision, and no later one of the same name. */
export function isCreatedAt(key: Buffer, revision: number): ICompare {
  return { key, target: 'Create', result: 'Equal', create_revision: revision }
}

/** The key was not written since this revision. */
export function isUnchangedSince(key: Buffer, revision: string): ICompare {
  return { key, target: 'Mod', result: 'Equal', mod_revision: revision }
}

/** The key hangs on the lease. */
export function isOnLease(key: Buffer, lease: string): ICompare {
  return { key, target: 'Lease', result: 'Equal', lease }
}
