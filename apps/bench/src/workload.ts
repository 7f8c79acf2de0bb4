/** What a role process is given: servers that are there, and what to measure. */
export interface Environment {
  /** An empty database of its own; undefined for workloads that need none. */
  readonly postgresUrl: string | undefined
  readonly etcdUrl: string | undefined
  /** Callers that run at once. */
  readonly concurrency: number
  /** How long is measured, after {@link Environment.warmUpSeconds}. */
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** Something that can be done over and over, and then be checked. */
export interface Load extends AsyncDisposable {
  /** Does it once. `caller` is the number of the caller, from 0, and `turn` counts its operations. */
  operation(caller: number, turn: number): Promise<unknown>
  /** Numbers of the same thing counted on different ways, after `operations`: they must all be equal. */
  verify(operations: number): Promise<Readonly<Record<string, number>>>
}

/** One of the two sides that are compared: it is set up in a process of its own. */
export type Side = (environment: Environment) => Promise<Load>

export type SideName = 'baseline' | 'cruster'

/** A workload whose result is how often it can be done. */
export interface RateWorkload {
  readonly kind: 'rate'
  readonly id: string
  readonly title: string
  readonly baselineTitle: string
  readonly needs: readonly ('postgres' | 'etcd')[]
  /** Numbers of callers that it is measured with, each with the least ratio to the baseline that is aimed at. */
  readonly goals: ReadonlyMap<number, number | undefined>
  readonly sides: Readonly<Record<SideName, Side>>
}

/** One figure that a workload came to. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What is aimed at; undefined where the figure is only told. */
  readonly atMost?: number
}

/** A workload whose result is figures of its own. */
export interface FigureWorkload {
  readonly kind: 'figures'
  readonly id: string
  readonly title: string
  readonly needs: readonly ('postgres' | 'etcd')[]
  /** Runs only when it is named. */
  readonly isLong?: boolean
  measure(environment: Environment): Promise<readonly Figure[]>
}

export type Workload = RateWorkload | FigureWorkload
