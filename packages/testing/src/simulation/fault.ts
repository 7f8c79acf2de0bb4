/** Everything that can go wrong in a simulation, each by its name. */
export type FaultKind = Fault['kind']

interface Lasting {
  /** When it begins, in milliseconds since the start of the scenario. */
  readonly atMs: number
  readonly forMs: number
}

interface OnRunner extends Lasting {
  readonly runner: string
}

/**
 * One fault of a simulation: plain data, so that a plan can be printed, replayed and made smaller.
 *
 * `crash`, `vanish`: a process ends (with a word of its system, or without one), and starts again after `forMs`. `restart`: as
 * it should be, draining first. `stop` and `join`: for good, and one more. `pause`: as by SIGSTOP. `partition`, `oneWay`: frames
 * do not pass between two places. `registryOutage`, `storageOutage`: for one runner, or for all without one. `unanswered`: what
 * is asked of storage takes effect, but the answers are lost. `breakLines`: once. `clockJump`: of the wall clock, by `byMs`.
 */
export type Fault = ProcessFault | WorldFault

/** A fault of one process. */
export type ProcessFault =
  | (OnRunner & { readonly kind: 'crash' | 'vanish' | 'restart' | 'pause' | 'stop' })
  | (OnRunner & { readonly kind: 'breakLines' })
  | (OnRunner & { readonly kind: 'clockJump'; readonly byMs: number })

/** A fault of what is between processes, or around them. `runner` may be `all`. */
export type WorldFault =
  | (Lasting & { readonly kind: 'join' })
  | (Lasting & { readonly kind: 'partition' | 'oneWay'; readonly from: string; readonly to: string })
  | (OnRunner & { readonly kind: 'registryOutage' | 'storageOutage' | 'unanswered' })

/** How often each kind of fault happens in a run, on average. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>

/** A fault in a few words. */
export function describeFault(fault: Fault): string {
  return 'runner' in fault ? describeOnRunner(fault) : describeElsewhere(fault)
}

const lasts = ({ forMs }: Lasting): string => `for ${Math.round(forMs)} ms`

function describeElsewhere(fault: Exclude<Fault, OnRunner>): string {
  if (fault.kind === 'join') return 'one more runner joins'
  const { from, to } = fault
  const where = fault.kind === 'partition' ? `between ${from} and ${to}` : `from ${from} to ${to}`
  return `nothing passes ${where} ${lasts(fault)}`
}

const happenings: Readonly<Record<Extract<Fault, OnRunner>['kind'], string>> = {
  crash: 'crashes',
  vanish: 'vanishes, as by a power cut',
  restart: 'drains for a restart',
  stop: 'drains and leaves',
  pause: 'is paused',
  breakLines: 'loses all its lines',
  registryOutage: 'cannot reach the registry',
  storageOutage: 'cannot reach storage',
  unanswered: 'gets no answer from storage',
  clockJump: 'has its wall clock set',
}

const lasting: ReadonlySet<FaultKind> = new Set(['pause', 'registryOutage', 'storageOutage', 'unanswered'])

function describeOnRunner(fault: Extract<Fault, OnRunner>): string {
  const happening = `${fault.runner} ${happenings[fault.kind]}`
  if (fault.kind === 'clockJump') return `${happening} by ${Math.round(fault.byMs)} ms`
  return lasting.has(fault.kind) ? `${happening} ${lasts(fault)}` : happening
}
