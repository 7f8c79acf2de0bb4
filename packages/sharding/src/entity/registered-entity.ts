import type { AnyEntity, AnyMethod, EntityHooks, EntityImplementation, RawHandlers, StateSpec } from '@cruster/core'
import { ConfigError } from '@cruster/core'
import { enableMapSet } from 'immer'
import type { NativeEntity } from '../extension/native-entity.ts'
import type { RunnerConfig } from '../runner/runner-config.ts'

/** A handler without its types: what the runtime calls. */
export type RawHandler = (context: unknown, input: unknown) => unknown

/** The part of an entity's state that a handler works on: its own, or a trait's. */
export type StatePart = string

/** Key of the entity's own part. Trait parts carry the trait's name, which starts with a letter. */
export const ownPart: StatePart = ''

export interface RegisteredMethod {
  readonly name: string
  readonly method: AnyMethod
}

/** A method whose handler the runtime calls on the entity's state. */
export interface HandledMethod extends RegisteredMethod {
  readonly handler: RawHandler
  readonly part: StatePart
}

/** What every entity type that this runner can run has. */
export interface RegisteredType {
  readonly contract: AnyEntity
  readonly name: string
  readonly methods: ReadonlyMap<string, RegisteredMethod>
  readonly maxIdleMs: number
  readonly mailboxCapacity: number
  readonly streamCapacity: number
  /** Rpcs that run at once. */
  readonly concurrency: number
  /** Stored messages that run at once: one, to keep their order, unless the contract asks for more. */
  readonly storedConcurrency: number
}

/** An entity type with state and handlers, as users write it. */
export interface RegisteredEntity extends RegisteredType {
  readonly kind: 'entity'
  readonly methods: ReadonlyMap<string, HandledMethod>
  readonly hooks: EntityHooks<unknown>
  /** Persisted, in memory only, or none. All stateful parts of an entity are kept the same way. */
  readonly stateKind: 'persisted' | 'memory' | 'none'
  readonly parts: ReadonlyMap<StatePart, StateSpec>
}

/** An entity type whose entities are objects of an extension. */
export interface RegisteredNative extends RegisteredType {
  readonly kind: 'native'
  readonly native: NativeEntity
}

export type AnyRegistered = RegisteredEntity | RegisteredNative

/** @throws ConfigError when the definition asks for what this runner cannot do. */
export function registerEntity<Deps>(
  implementation: EntityImplementation<AnyEntity, Deps>,
  deps: Deps,
  config: RunnerConfig,
): RegisteredEntity {
  enableMapSet()
  const { contract, hooks, traits } = implementation
  const methods = new Map([
    ...registeredMethods(contract.methods, implementation.bind(deps), ownPart),
    ...traits.flatMap((trait) => registeredMethods(trait.contract.methods, trait.handlers, trait.contract.name)),
  ])
  const parts = stateParts(contract)
  const { settings } = contract
  return {
    kind: 'entity',
    contract,
    name: contract.name,
    methods,
    hooks,
    parts,
    stateKind: stateKind(contract, parts),
    maxIdleMs: settings.maxIdleMs ?? config.maxIdleMs,
    mailboxCapacity: settings.mailboxCapacity ?? config.mailboxCapacity,
    streamCapacity: config.streamCapacity,
    concurrency: settings.concurrency ?? (parts.size > 0 ? Infinity : 1),
    storedConcurrency: settings.concurrency ?? 1,
  }
}

function registeredMethods(
  methods: Readonly<Record<string, AnyMethod>>,
  handlers: RawHandlers,
  part: StatePart,
): readonly (readonly [string, HandledMethod])[] {
  return Object.entries(methods).map(([name, method]) => {
    if (method.kind === 'workflow' && method.engine === undefined) {
      throw new ConfigError(
        `${name} is a workflow method without an engine. Declare it with \`workflow\` of @cruster/workflow, which brings one.`,
      )
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract typed the handler when it was bound
    return [name, { name, method, handler: handlers[name] as unknown as RawHandler, part }]
  })
}

function stateParts(contract: AnyEntity): Map<StatePart, StateSpec> {
  const parts = new Map<StatePart, StateSpec>()
  if (contract.state !== undefined) parts.set(ownPart, contract.state)
  for (const trait of contract.traits) if (trait.state !== undefined) parts.set(trait.name, trait.state)
  return parts
}

function stateKind(contract: AnyEntity, parts: ReadonlyMap<StatePart, StateSpec>): RegisteredEntity['stateKind'] {
  const kinds = new Set([...parts.values()].map((spec) => spec.kind))
  if (kinds.size > 1) {
    throw new ConfigError(
      `${contract.name} mixes persisted state and memory state with its traits. Keep all of it the same way: they are saved together.`,
    )
  }
  return [...kinds][0] ?? 'none'
}
