/**
 * The life of a singleton at one owner of its shard, from the claim to the hand-over.
 *
 * ```
 *              prepared            ended               recorded, recordFailed (not once)
 *   preparing ─────────▶ running ─────────▶ recording ────────────────────────▶ resting ──due──▶ preparing
 *     │  │ unprepared       │ drain            │ recorded, once and done          ▲
 *     │  └──────────────────┼──────────────────┼──────────────────────────────────┘
 *     │ prepared, done      ▼     ended        └──▶ done
 *     └──▶ done          stopping ─────▶ lastRecording
 *                           │ graceOver        │ recorded, recordFailed, graceOver
 *   drain, lost: over ◀─────┴──────────────────┘
 * ```
 *
 * Invariants: L1 at most one run at a time; the next one begins after the end of the last was seen. L2 in `over` nothing that a
 * run does is accepted any more (`close`), and nothing leads out of it. L3 a drain ends in `over` when the run has ended or the
 * grace is over, whichever is first: no run can hold a shard back.
 */
export type LifePhase =
  'preparing' | 'running' | 'recording' | 'resting' | 'done' | 'stopping' | 'lastRecording' | 'over'

export interface LifeState {
  readonly phase: LifePhase
  /** Failures in a row. */
  readonly failures: number
  /** Of `recording`: whether the run that ended was the job's last. */
  readonly isDone: boolean
}

export type LifeEvent =
  /** The stored record was read, and the start of a run stored in it. `isDone`: there is nothing to run any more. */
  | { readonly kind: 'prepared'; readonly isDone: boolean }
  | { readonly kind: 'unprepared' }
  /** The run has returned, or has thrown. */
  | { readonly kind: 'ended'; readonly hasFailed: boolean; readonly lastedMs: number }
  /** The end of a run was stored, or could not be. */
  | { readonly kind: 'recorded' }
  | { readonly kind: 'recordFailed' }
  /** The pause before the next run, or before the next attempt to store its end, is over. */
  | { readonly kind: 'due' }
  /** The shard is to be given up. */
  | { readonly kind: 'drain' }
  /** The time that a run has to stop is over. */
  | { readonly kind: 'graceOver' }
  /** The shard is somebody else's. */
  | { readonly kind: 'lost' }

/** What the shell has to do after a transition. */
export type LifeEffect =
  /** Read the record, and store the start. */
  | { readonly kind: 'prepare' }
  | { readonly kind: 'run' }
  /** Tell the run to stop. */
  | { readonly kind: 'signal' }
  /** Store how the run has ended. */
  | { readonly kind: 'record' }
  /** Send `due` after the pause that follows that many failures; 0: a normal end. */
  | { readonly kind: 'rest'; readonly failures: number }
  /** Send `due` soon: storage could not be reached. */
  | { readonly kind: 'retry' }
  /** Send `graceOver` when the time for stopping has passed. */
  | { readonly kind: 'grace' }
  /** Accept nothing of the run any more, and let the shard go. */
  | { readonly kind: 'close' }

export interface LifePolicy {
  readonly once: boolean
  /** A run that lasted this long is taken for sound: the failures before it are forgotten. */
  readonly stableAfterMs: number
}

export interface LifeTransition {
  readonly state: LifeState
  readonly effects: readonly LifeEffect[]
}

/** The beginning: what follows a claim. */
export function beginLife(): LifeTransition {
  return { state: { phase: 'preparing', failures: 0, isDone: false }, effects: [{ kind: 'prepare' }] }
}

type Step = (state: LifeState, event: LifeEvent, policy: LifePolicy) => LifeTransition

/** The transition table. An event that means nothing in a phase leaves it as it is. */
export function reduceLife(state: LifeState, event: LifeEvent, policy: LifePolicy): LifeTransition {
  if (state.phase === 'over') return to(state)
  if (event.kind === 'lost') return lost(state)
  return steps[state.phase](state, event, policy)
}

const to = (state: LifeState, ...effects: readonly LifeEffect[]): LifeTransition => ({ state, effects })

function lost(state: LifeState): LifeTransition {
  return to({ ...state, phase: 'over' }, { kind: 'signal' }, { kind: 'close' })
}

const over = (state: LifeState): LifeTransition => to({ ...state, phase: 'over' }, { kind: 'close' })

const steps: Readonly<Record<Exclude<LifePhase, 'over'>, Step>> = {
  preparing(state, event) {
    if (event.kind === 'drain') return over(state)
    if (event.kind === 'unprepared') return to({ ...state, phase: 'resting' }, { kind: 'retry' })
    if (event.kind !== 'prepared') return to(state)
    return event.isDone ? to({ ...state, phase: 'done' }) : to({ ...state, phase: 'running' }, { kind: 'run' })
  },
  running(state, event, policy) {
    if (event.kind === 'ended') return to(ended(state, event, policy), { kind: 'record' })
    return event.kind === 'drain'
      ? to({ ...state, phase: 'stopping' }, { kind: 'signal' }, { kind: 'grace' })
      : to(state)
  },
  recording(state, event) {
    if (event.kind === 'drain') return to({ ...state, phase: 'lastRecording' }, { kind: 'grace' })
    if (event.kind === 'due') return to(state, { kind: 'record' })
    // That a job is done must be known for ever; of other ends the next run tells.
    if (event.kind === 'recordFailed' && state.isDone) return to(state, { kind: 'retry' })
    if (event.kind !== 'recorded' && event.kind !== 'recordFailed') return to(state)
    if (state.isDone) return to({ ...state, phase: 'done' })
    return to({ ...state, phase: 'resting' }, { kind: 'rest', failures: state.failures })
  },
  resting(state, event) {
    if (event.kind === 'drain') return over(state)
    return event.kind === 'due' ? to({ ...state, phase: 'preparing' }, { kind: 'prepare' }) : to(state)
  },
  done(state, event) {
    return event.kind === 'drain' ? over(state) : to(state)
  },
  stopping(state, event, policy) {
    if (event.kind === 'graceOver') return over(state)
    if (event.kind !== 'ended') return to(state)
    return to({ ...ended(state, event, policy), phase: 'lastRecording' }, { kind: 'record' })
  },
  lastRecording(state, event) {
    const isLast = event.kind === 'recorded' || event.kind === 'recordFailed' || event.kind === 'graceOver'
    return isLast ? over(state) : to(state)
  },
}

function ended(state: LifeState, event: LifeEvent & { kind: 'ended' }, policy: LifePolicy): LifeState {
  const before = event.lastedMs >= policy.stableAfterMs ? 0 : state.failures
  const failures = event.hasFailed ? before + 1 : 0
  // A job that was told to stop may have stopped half-way.
  const isDone = policy.once && !event.hasFailed && state.phase === 'running'
  return { phase: 'recording', failures, isDone }
}
