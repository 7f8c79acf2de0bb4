import type { StateEffect } from '../../decide/effects.ts'
import type { ColumnKinds } from '../columns.ts'
import { writePart } from './write-part.ts'

const stateColumns = ({ text, number, bytes }: ColumnKinds<StateEffect>) => ({
  type: text(({ address }) => address.type),
  entity: text(({ address }) => address.id),
  version: number('int8', ({ version }) => version),
  state: bytes(({ state }) => state),
})

/** Fails on an entity that has a state already. */
export const insertStates = writePart({
  key: 's',
  rows: ({ effects }) => effects.states.filter(({ from }) => from === 0),
  columns: stateColumns,
  sql: ({ states }, { rows }) => `new_states as (
  insert into ${states} (type, entity, version, state)
  select s.type, s.entity, s.version, s.state from verdict v, ${rows} s where v.ok
)`,
})

/** Replaces the states that have the version they were built on, by primary key, in the order of the entities. */
export const updateStates = writePart({
  key: 'u',
  rows: ({ effects }) => effects.states.filter(({ from }) => from !== 0),
  columns: (kinds) => ({ was: kinds.number('int8', ({ from }) => from), ...stateColumns(kinds) }),
  sql: ({ states }, { rows }) => `updated_states as (
  update ${states} s set version = u.version, state = u.state
  from verdict v, ${rows} u
  where v.ok and s.type = u.type and s.entity = u.entity and s.version = u.was
  returning 1
)`,
  allDone: ({ foundAll }) => foundAll('select from updated_states'),
})
