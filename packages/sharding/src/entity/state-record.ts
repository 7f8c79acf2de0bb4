import type { EntityAddress, StateSpec } from '@cruster/core'
import { CodecError, StateUnusable, ValidationError, decode, encode, validate } from '@cruster/core'
import type { RegisteredEntity, StatePart } from './registered-entity.ts'

/** State of an entity: its own part and one for each stateful trait, replaced as a whole, frozen at every depth. */
export type EntityState = Readonly<Record<StatePart, unknown>>

/** A part as it is stored: with the version of the code that wrote it. */
interface StoredPart {
  readonly version: number
  readonly state: unknown
}

/**
 * The state of an entity that has none stored.
 *
 * @throws StateUnusable when it does not fit its schema, and whatever `initial` throws.
 */
export async function initialState(entity: RegisteredEntity, id: string): Promise<EntityState> {
  const state: Record<StatePart, unknown> = {}
  for (const [part, spec] of entity.parts) state[part] = await checkPart(`${entity.name}/${id}`, spec, spec.initial(id))
  return state
}

/** Whether changes of the state have to be checked. */
export function hasSchema(entity: RegisteredEntity): boolean {
  for (const { schema } of entity.parts.values()) if (schema !== undefined) return true
  return false
}

/**
 * Checks what an activity made of a state.
 *
 * @throws ValidationError with outcome `failed`: nothing of the activity is kept.
 */
export async function checkChanges(
  { entity, address }: { readonly entity: RegisteredEntity; readonly address: EntityAddress },
  before: EntityState,
  after: EntityState,
): Promise<void> {
  for (const [part, spec] of entity.parts) {
    if (spec.schema === undefined || after[part] === before[part]) continue
    await validated(spec.schema, after[part], `the state of ${entity.name}/${address.id}`)
  }
}

async function validated(schema: NonNullable<StateSpec['schema']>, state: unknown, what: string): Promise<void> {
  try {
    await validate(schema, state, what)
  } catch (error) {
    if (error instanceof ValidationError) throw new ValidationError(error.what, error.issues, { outcome: 'failed' })
    throw error
  }
}

export function encodeState(entity: RegisteredEntity, state: EntityState): Uint8Array {
  const parts: Record<StatePart, StoredPart> = {}
  for (const [part, { version }] of entity.parts) parts[part] = { version, state: state[part] }
  return encode(parts)
}

/**
 * Reads a stored state with today's code: migrates older parts, starts parts that are new, checks schemas.
 *
 * @throws StateUnusable when it cannot be read; what is stored stays as it is.
 */
export async function decodeState(entity: RegisteredEntity, id: string, bytes: Uint8Array): Promise<EntityState> {
  const name = `${entity.name}/${id}`
  const stored = storedParts(entity, id, bytes)
  const state: Record<StatePart, unknown> = {}
  for (const [part, spec] of entity.parts) {
    const found = stored[part]
    state[part] = await (found === undefined ? checkPart(name, spec, spec.initial(id)) : readPart(name, spec, found))
  }
  return state
}

function storedParts(entity: RegisteredEntity, id: string, bytes: Uint8Array): Partial<Record<StatePart, StoredPart>> {
  const stored = decoded(`${entity.name}/${id}`, bytes)
  if (isRecord(stored) && isEveryPartStored(stored)) return stored
  throw new StateUnusable(`${entity.name}/${id}`, 'it was not written by Cruster')
}

function decoded(entity: string, bytes: Uint8Array): unknown {
  try {
    return decode(bytes)
  } catch (error) {
    if (error instanceof CodecError) throw new StateUnusable(entity, 'its bytes cannot be decoded', { cause: error })
    throw error
  }
}

function isEveryPartStored(parts: Readonly<Record<string, unknown>>): parts is Record<StatePart, StoredPart> {
  return Object.values(parts).every(isStoredPart)
}

function isStoredPart(value: unknown): value is StoredPart {
  return isRecord(value) && Number.isInteger(value['version']) && 'state' in value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function readPart(entity: string, spec: StateSpec, stored: StoredPart): Promise<unknown> {
  const { version } = stored
  if (version > spec.version) {
    throw new StateUnusable(entity, `it was written by version ${version}, and this code knows up to ${spec.version}`)
  }
  if (version < spec.version && spec.migrate === undefined) {
    throw new StateUnusable(entity, `it has version ${version}, this code ${spec.version}, and there is no \`migrate\``)
  }
  return checkPart(entity, spec, migrated(entity, spec, stored))
}

function migrated(entity: string, spec: StateSpec, { version, state }: StoredPart): unknown {
  if (version === spec.version || spec.migrate === undefined) return state
  try {
    return spec.migrate(state, version)
  } catch (error) {
    throw new StateUnusable(entity, `\`migrate\` failed on version ${version}`, { cause: error })
  }
}

async function checkPart(entity: string, spec: StateSpec, state: unknown): Promise<unknown> {
  if (spec.schema === undefined) return state
  try {
    return await validate(spec.schema, state, `the state of ${entity}`)
  } catch (error) {
    throw new StateUnusable(entity, 'it does not fit the schema', { cause: error })
  }
}
