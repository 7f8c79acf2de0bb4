import { isCrusterError } from '@cruster/core'
import { RunnerDidNotStart } from './cluster/runner-process.ts'
import { EnvironmentError } from './config.ts'
import { ListenError } from './http/listen.ts'

/** What to print when the program cannot start: a sentence for what its user can put right, all there is for a bug. */
export function startFailure(error: unknown): unknown {
  if (error instanceof EnvironmentError || error instanceof ListenError) return error.message
  if (error instanceof RunnerDidNotStart) return error.message
  return isCrusterError(error) && error.code === 'CONFIG' ? error.message : error
}
