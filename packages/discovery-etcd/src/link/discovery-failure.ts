import { ConfigError, DiscoveryError, isCrusterError } from '@cruster/core'
import {
  ClientClosedError,
  EtcdAuthenticationFailedError,
  EtcdInvalidAuthTokenError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  GRPCAbortedError,
  GRPCCancelledError,
  GRPCDeadlineExceededError,
  GRPCFailedPreconditionError,
  GRPCInternalError,
  GRPCInvalidArgumentError,
  GRPCOutOfRangeError,
  GRPCResourceExhastedError,
  GRPCUnauthenticatedError,
  GRPCUnavailableError,
  GRPCUnknownError,
} from 'etcd3'

type ErrorClass = abstract new (...args: never[]) => Error

/** Answers of etcd by which nothing was done, and what helps. */
const refusals: ReadonlyMap<ErrorClass, string> = new Map<ErrorClass, string>([
  [ClientClosedError, 'This discovery is closed. Open another one.'],
  [EtcdAuthenticationFailedError, 'Check the user name and password among the credentials.'],
  [EtcdInvalidAuthTokenError, 'Check the credentials, and whether etcd has authentication switched on.'],
  [GRPCUnauthenticatedError, 'Check the credentials.'],
  [EtcdPermissionDeniedError, 'Let the user of the credentials read and write the keys under the prefix.'],
  [EtcdLeaseInvalidError, 'The lease is over. Join again.'],
  [GRPCResourceExhastedError, 'etcd is overloaded or full: compact and defragment it, then disarm its alarm.'],
  [GRPCFailedPreconditionError, 'Check the credentials, and whether etcd has authentication switched on.'],
  [GRPCInvalidArgumentError, 'Check that etcd is version 3.4 or newer, and its limits of requests are not lowered.'],
  [GRPCOutOfRangeError, 'Try again.'],
])

/** Failures that pass by themselves: outages, elections, broken connections. */
const passing: readonly ErrorClass[] = [
  GRPCUnavailableError,
  GRPCDeadlineExceededError,
  GRPCCancelledError,
  GRPCInternalError,
  GRPCUnknownError,
  GRPCAbortedError,
]

/** Whether trying again soon can help. */
export function isPassing(cause: unknown): boolean {
  return passing.some((type) => cause instanceof type)
}

/** Whether etcd does not know the lease (any more). */
export function isLeaseGone(cause: unknown): boolean {
  return cause instanceof EtcdLeaseInvalidError
}

/** The one door by which errors of etcd enter. What is an error of Cruster already stays as it is. */
export function toDiscoveryError(cause: unknown, doing: string): DiscoveryError | ConfigError {
  if (cause instanceof ConfigError || isDiscoveryError(cause)) return cause
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '')
  const refusal = [...refusals].find(([type]) => cause instanceof type)
  const consequence = refusal === undefined ? 'It may or may not have been done.' : 'Nothing was changed.'
  const remedy = refusal?.[1] ?? 'Check that etcd runs and can be reached at the endpoints; it is safe to try again.'
  const outcome = refusal === undefined ? 'unknown' : 'not-started'
  return new DiscoveryError(`etcd failed while ${doing}: ${text}. ${consequence} ${remedy}`, { outcome, cause })
}

function isDiscoveryError(cause: unknown): cause is DiscoveryError {
  return isCrusterError(cause) && cause.code === DiscoveryError.code
}
