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
export type Fault =
  | (OnRunner & { readonly kind: 'crash' | 'vanish' | 'restart' | 'pause' | 'stop' })
  | (Lasting & { readonly kind: 'join' })
  | (Lasting & { readonly kind: 'partition' | 'oneWay'; readonly from: string; readonly to: string })
  | (Lasting & { readonly kind: 'registryOutage' | 'storageOutage' | 'unanswered'; readonly runner: string | 'all' })
  | (OnRunner & { readonly kind: 'breakLines' })
  | (OnRunner & { readonly kind: 'clockJump'; readonly byMs: number })

/** How often each kind of fault happens in a run, on average. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>

/** A fault in a few words. */
export function describeFault(fault: Fault): string {
  const lasts = `${Math.round(fault.forMs)} ms`
  switch (fault.kind) {
    case 'crash':
      return `${fault.runner} crashes`
    case 'vanish':
      return `${fault.runner} vanishes, as by a power cut`
    case 'restart':
      return `${fault.runner} drains for a restart`
    case 'stop':
      return `${fault.runner} drains and leaves`
    case 'pause':
      return `${fault.runner} is paused for ${lasts}`
    case 'join':
      return 'one more runner joins'
    case 'partition':
      return `nothing passes between ${fault.from} and ${fault.to} for ${lasts}`
    case 'oneWay':
      return `nothing passes from ${fault.from} to ${fault.to} for ${lasts}`
    case 'registryOutage':
      return `${fault.runner} cannot reach the registry for ${lasts}`
    case 'storageOutage':
      return `${fault.runner} cannot reach storage for ${lasts}`
    case 'unanswered':
      return `${fault.runner} gets no answer from storage for ${lasts}`
    case 'breakLines':
      return `all lines of ${fault.runner} break`
    case 'clockJump':
      return `the wall clock of ${fault.runner} jumps by ${Math.round(fault.byMs)} ms`
  }
}
