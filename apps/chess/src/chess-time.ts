import type { Clock } from '@cruster/core/ports'

/** The time that players are measured by: what entities get injected, so that tests can turn it. */
export type ChessTime = Pick<Clock, 'now' | 'setTimer'>
