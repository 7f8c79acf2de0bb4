/** What can happen to the cluster. */
export const faultKinds = [
  'kill',
  'freeze',
  'restart',
  'rolling restart',
  'cut',
  'silence',
  'half-open',
  'slow',
  'kill client',
  'etcd restart',
  'etcd pause',
  'postgres restart',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** Which connections of a runner are hit: those of others to it, or its own to a server. */
export const lineKinds = ['grpc', 'postgres', 'etcd'] as const
export type LineKind = (typeof lineKinds)[number]

/** Something that happens, and for how long. Which of its parts matter depends on the kind. */
export interface Fault {
  readonly kind: FaultKind
  /** Number of the runner or client that is hit. */
  readonly target: number
  readonly line: LineKind
  readonly direction: 'in' | 'out'
  /** How PostgreSQL ends. */
  readonly how: 'fast' | 'immediate'
  readonly forMs: number
  /** How slow, each way. */
  readonly delayMs: number
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** For people. */
export function describeFault(fault: Fault): string {
  const runner = `runner ${fault.target + 1}`
  const lasting = `for ${seconds(fault.forMs)}`
  const texts: Readonly<Record<FaultKind, string>> = {
    kill: `${runner} is killed, and back ${seconds(fault.forMs)} later`,
    freeze: `${runner} stands still ${lasting}`,
    restart: `${runner} is told to end, and started again`,
    'rolling restart': 'all runners are restarted, one after the other',
    cut: `${runner}: ${fault.line} connections break`,
    silence: `${runner}: nothing passes on ${fault.line} ${lasting}`,
    'half-open': `${runner}: ${fault.line} goes one way only (not ${fault.direction}) ${lasting}`,
    slow: `${runner}: ${fault.line} takes ${Math.round(fault.delayMs)} ms more each way, ${lasting}`,
    'kill client': `client ${fault.target + 1} is killed, and its successor starts`,
    'etcd restart': `etcd crashes, and is back ${seconds(fault.forMs)} later`,
    'etcd pause': `etcd stands still ${lasting}`,
    'postgres restart': `PostgreSQL ends (${fault.how}), and is back ${seconds(fault.forMs)} later`,
  }
  return texts[fault.kind]
}
