import type { ErrorSpecs, MethodTypes } from '@cruster/core'
import type { Activities } from './activity-handlers.ts'
import type { AnyActivityGroup, GroupActivities } from './activity-group.ts'
import type { Queries } from './query.ts'
import type { Signals } from './signal.ts'

/** What a workflow's contract consists of, besides its input and output. Types only. */
export interface WorkflowParts {
  readonly activities: Activities
  readonly groups: readonly AnyActivityGroup[]
  readonly signals: Signals
  readonly queries: Queries
  readonly errors: ErrorSpecs
}

/** Nothing by any name. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- it has no names
export type Nothing = Record<never, never>

/** The activities that a workflow can call: its own, and those of its groups. */
export type AllActivities<P extends Pick<WorkflowParts, 'activities' | 'groups'>> = P['activities'] &
  GroupActivities<P['groups']>

/** The four types of a workflow: what callers pass and get, and what its body gets and returns. */
export type TypesOf<C> = C extends { readonly '~types'?: infer Types extends MethodTypes | undefined }
  ? NonNullable<Types>
  : never
