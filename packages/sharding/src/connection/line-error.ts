import type { RunnerAddress } from '@cruster/core'
import { ConfigError, RunnerUnavailable, isCrusterError } from '@cruster/core'

/** Version of the frames that this code sends and understands. */
export const protocolVersion = 1

/** A line to a runner could not be had, so nothing was sent on it. */
export function lineNotOpened(address: RunnerAddress, cause: string | Error): RunnerUnavailable {
  return new RunnerUnavailable(address, { outcome: 'not-started', cause: rootOf(cause) })
}

/** A line to a runner ended while calls were open on it: whether they ran is not known. */
export function lineBroken(address: RunnerAddress, cause: string | Error): RunnerUnavailable {
  return new RunnerUnavailable(address, { outcome: 'unknown', cause: rootOf(cause) })
}

/** The runner at an address speaks another version of the protocol. */
export function otherProtocol(address: RunnerAddress, protocol: number): ConfigError {
  return new ConfigError(
    `The runner at ${address} speaks protocol ${protocol}; this one speaks ${protocolVersion}. Nothing was sent to it. ` +
      'Deploy versions of Cruster that share a protocol.',
  )
}

/** Transports and lines say that a runner is unavailable too; saying it twice would only hide why. */
export function rootOf(cause: string | Error): unknown {
  return isCrusterError(cause) && cause.code === RunnerUnavailable.code ? cause.cause : cause
}
