import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Duration } from '../time/duration.ts'
import { parseDuration } from '../time/duration.ts'
import type { MethodEngine } from './method-engine.ts'
import type { RetryOptions, RetryPolicy } from './retry.ts'
import { retryPolicy } from './retry.ts'

/** What a method promises: see the builders of each kind. */
export type MethodKind = 'rpc' | 'activity' | 'stream' | 'workflow'

/**
 * Who may call a method. `public`: everybody. `protected`: entities of the cluster and composed traits, but no outside
 * client. `private`: the entity itself.
 */
export type Visibility = 'public' | 'protected' | 'private'

/** The four types of a method: what callers pass and get, and what the handler gets and returns. */
export interface MethodTypes {
  readonly input: unknown
  readonly parsed: unknown
  readonly returned: unknown
  readonly output: unknown
}

/** A method of a contract: plain data, safe to import anywhere. */
export interface Method<
  Kind extends MethodKind = MethodKind,
  Types extends MethodTypes = MethodTypes,
  Visible extends Visibility = Visibility,
> {
  readonly kind: Kind
  readonly visibility: Visible
  /** Of an `rpc`: stored before it runs, so that it survives a crash of its owner. */
  readonly persisted: boolean
  readonly input: StandardSchemaV1 | undefined
  readonly output: StandardSchemaV1 | undefined
  /** Deadline of a call that names none, in milliseconds. */
  readonly timeoutMs: number | undefined
  /** How long the outcome of a call with an idempotency key answers its repetitions, in milliseconds. */
  readonly retainMs: number | undefined
  /** Of an `activity`: how workflows repeat it when it fails. Without it they make one attempt. */
  readonly retry?: RetryPolicy | undefined
  /** Of an `activity`: an attempt made by a workflow fails when it has not reported for so long, in milliseconds. */
  readonly heartbeatMs?: number | undefined
  /** Of a `workflow`: what executes it. */
  readonly engine?: MethodEngine | undefined
  /** Types only; never present at run time. */
  readonly '~types'?: Types
}

/** Any method, whatever its types. */
export type AnyMethod = Method

/** Methods by name, as a contract declares them. */
export type Methods = Readonly<Record<string, AnyMethod>>

/** What every kind of method can be declared with. */
export interface MethodOptions {
  readonly visibility?: Visibility
  /** Deadline of a call that names none. Default: the client's, 30 s. */
  readonly timeout?: Duration
}

/** Options of kinds whose outcome can be recorded. */
export interface RecordedOptions extends MethodOptions {
  /**
   * How long the outcome of a call with an idempotency key is kept to answer its repetitions. Default 24 hours; longer
   * costs storage, shorter lets a late repetition run again.
   */
  readonly retention?: Duration
}

/** What an `rpc` can be declared with. */
export interface RpcOptions extends RecordedOptions {
  /** Store each call before it runs: at least once instead of at most once. Default false. */
  readonly persisted?: boolean
}

/** What an `activity` can be declared with. */
export interface ActivityOptions extends RecordedOptions {
  /** How a workflow that calls it repeats it when it fails; other callers get the error at once. Default: one attempt. */
  readonly retry?: RetryOptions
  /**
   * An attempt that a workflow makes fails, and is repeated by `retry`, when it has not called `heartbeat` for so long.
   * Default: it need not.
   */
  readonly heartbeat?: Duration
}

interface Schemas<Input extends StandardSchemaV1, Output extends StandardSchemaV1> {
  readonly input: Input
  readonly output: Output
}

/** Types of a method given by hand: what goes in comes out. */
export interface PlainTypes<Input, Output> extends MethodTypes {
  readonly input: Input
  readonly parsed: Input
  readonly returned: Output
  readonly output: Output
}

/** Types of a method given by schemas, which may parse one type into another. */
export interface SchemaTypes<Input extends StandardSchemaV1, Output extends StandardSchemaV1> extends MethodTypes {
  readonly input: StandardSchemaV1.InferInput<Input>
  readonly parsed: StandardSchemaV1.InferOutput<Input>
  readonly returned: StandardSchemaV1.InferInput<Output>
  readonly output: StandardSchemaV1.InferOutput<Output>
}

/** The schema of a side for which none was given. */
export type VoidSchema = StandardSchemaV1<void, void>

/** Declares a method: with types alone, `rpc<Input, Output>()`, or with schemas, `rpc({ input, output })`. */
export interface MethodBuilder<Kind extends MethodKind, Options extends MethodOptions, Default extends Visibility> {
  <
    Input extends StandardSchemaV1 = VoidSchema,
    Output extends StandardSchemaV1 = VoidSchema,
    const V extends Visibility = Default,
  >(
    options: Omit<Options, 'visibility'> & Schemas<Input, Output> & { readonly visibility?: V },
  ): Method<Kind, SchemaTypes<Input, Output>, V>
  <Input extends StandardSchemaV1 = VoidSchema, const V extends Visibility = Default>(
    options: Omit<Options, 'visibility'> & Pick<Schemas<Input, VoidSchema>, 'input'> & { readonly visibility?: V },
  ): Method<Kind, SchemaTypes<Input, VoidSchema>, V>
  <Output extends StandardSchemaV1 = VoidSchema, const V extends Visibility = Default>(
    options: Omit<Options, 'visibility'> & Pick<Schemas<VoidSchema, Output>, 'output'> & { readonly visibility?: V },
  ): Method<Kind, SchemaTypes<VoidSchema, Output>, V>
  <Input = void, Output = void>(
    options: Options & { readonly visibility: 'protected' },
  ): Method<Kind, PlainTypes<Input, Output>, 'protected'>
  <Input = void, Output = void>(
    options: Options & { readonly visibility: 'private' },
  ): Method<Kind, PlainTypes<Input, Output>, 'private'>
  <Input = void, Output = void>(
    options?: Options & { readonly visibility?: 'public' },
  ): Method<Kind, PlainTypes<Input, Output>, Default>
}

type AnyOptions = RpcOptions & ActivityOptions & Partial<Schemas<StandardSchemaV1, StandardSchemaV1>>

function methodBuilder<Kind extends MethodKind, Options extends MethodOptions>(
  kind: Kind,
): MethodBuilder<Kind, Options, 'public'> {
  const build = (options: AnyOptions = {}): Method<Kind> =>
    Object.freeze({
      kind,
      visibility: options.visibility ?? 'public',
      persisted: kind === 'workflow' || options.persisted === true,
      input: options.input,
      output: options.output,
      timeoutMs: options.timeout === undefined ? undefined : parseDuration(options.timeout, 'timeout'),
      retainMs: options.retention === undefined ? undefined : parseDuration(options.retention, 'retention'),
      retry: options.retry === undefined ? undefined : retryPolicy(options.retry),
      heartbeatMs: options.heartbeat === undefined ? undefined : parseDuration(options.heartbeat, 'heartbeat'),
    })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the overloads differ in types only
  return build as MethodBuilder<Kind, Options, 'public'>
}

/** A method that reads state and may do I/O. At most once; with `persisted: true` at least once. */
export const rpc: MethodBuilder<'rpc', RpcOptions, 'public'> = methodBuilder('rpc')

/**
 * A method that changes state: exclusive, and exactly once in effect. In a workflow's contract: a step that does what the
 * world can see, private to the workflow.
 */
export const activity: MethodBuilder<'activity', ActivityOptions, 'public'> = methodBuilder('activity')

/** A method that yields values as they come, as fast as the reader takes them. */
export const stream: MethodBuilder<'stream', MethodOptions, 'public'> = methodBuilder('stream')

/** A method that orchestrates durably. Declared here, executed by a workflow engine that the runner was given. */
export const workflow: MethodBuilder<'workflow', RecordedOptions, 'public'> = methodBuilder('workflow')
