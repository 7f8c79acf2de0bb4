import type { Method, MethodTypes, StepContext } from '@cruster/core'

/** An activity of a contract. */
export type AnyActivity = Method<'activity'>

/** Activities by name, as a contract declares them. */
export type Activities = Readonly<Record<string, AnyActivity>>

type MaybePromise<Value> = Value | Promise<Value>

/** The types of an activity. */
export type ActivityTypes<Of> = Of extends Method<'activity', infer Types extends MethodTypes> ? Types : never

/** The function that does an activity. */
export type ActivityHandler<Of> = (
  context: StepContext,
  input: ActivityTypes<Of>['parsed'],
) => MaybePromise<ActivityTypes<Of>['returned']>

/** One handler for each activity. */
export type ActivityHandlers<A extends Activities> = { readonly [Name in keyof A]: ActivityHandler<A[Name]> }

/** Handlers as the engine sees them: types were checked where they were bound. */
export type RawActivityHandlers = Readonly<Record<string, (context: StepContext, input: unknown) => unknown>>
