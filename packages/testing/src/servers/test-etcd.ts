import { SystemRandom } from '@cruster/core'
import { EtcdServer } from './etcd-server.ts'

/** An etcd that tests may use, each under prefixes of its own. */
export interface TestEtcd extends AsyncDisposable {
  readonly endpoint: string
}

/**
 * The etcd that `CRUSTER_TEST_ETCD_URL` names, which stays as it is; or else a new one from the program on this machine, which
 * ends when it is disposed.
 */
export async function provideEtcd(): Promise<TestEtcd> {
  // oxlint-disable-next-line node/no-process-env -- that is how one names a server for tests
  const endpoint = process.env['CRUSTER_TEST_ETCD_URL'] ?? ''
  if (endpoint === '') return EtcdServer.start()
  return { endpoint, async [Symbol.asyncDispose]() {} }
}

/** Begins the keys of one test, and of no other. */
export function testPrefix(): string {
  return `/cruster-test/${new SystemRandom().uuid()}/`
}
