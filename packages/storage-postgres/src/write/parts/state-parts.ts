import type { Effects, StateEffect } from '../../decide/effects.ts'
import { rowsOf } from '../rows-of.ts'
import { bytesArray, numberArray, textArray } from '../sql-arrays.ts'
import { storedTexts, type WritePart } from './write-part.ts'

/** Fails on an entity that has a state already. */
export const insertStates: WritePart = {
  key: 's',
  isNeeded: ({ effects }) => firstOnes(effects).length > 0,
  values: ({ effects }) => stateValues(firstOnes(effects)),
  sql: ({ states }, arrays) => `new_states as (
  insert into ${states} (type, entity, version, state)
  select s.type, s.entity, s.version, s.state from verdict v, ${rowsOf(stateColumns, arrays)} s where v.ok
)`,
}

/** Replaces the states that have the version they were built on, by primary key, in the order of the entities. */
export const updateStates: WritePart = {
  key: 'u',
  isNeeded: ({ effects }) => laterOnes(effects).length > 0,
  values: ({ effects }) => {
    const states = laterOnes(effects)
    return [numberArray(states.map(({ from }) => from)), ...stateValues(states)]
  },
  sql: ({ states }, arrays) => `updated_states as (
  update ${states} s set version = u.version, state = u.state
  from verdict v, ${rowsOf({ was: 'int8', ...stateColumns }, arrays)} u
  where v.ok and s.type = u.type and s.entity = u.entity and s.version = u.was
  returning 1
)`,
  allDone: '(select count(*) from updated_states) = cardinality($::int8[])',
}

const stateColumns = { type: 'text', entity: 'text', version: 'int8', state: 'bytea' }

const firstOnes = ({ states }: Effects): readonly StateEffect[] => states.filter(({ from }) => from === 0)
const laterOnes = ({ states }: Effects): readonly StateEffect[] => states.filter(({ from }) => from !== 0)

function stateValues(states: readonly StateEffect[]): readonly string[] {
  return [
    textArray(storedTexts(states.map(({ address }) => address.type))),
    textArray(storedTexts(states.map(({ address }) => address.id))),
    numberArray(states.map(({ version }) => version)),
    bytesArray(states.map(({ state }) => state)),
  ]
}
