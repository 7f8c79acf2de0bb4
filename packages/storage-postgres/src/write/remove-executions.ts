import type { EntityAddress } from '@cruster/core'
import type { Effects } from '../decide/effects.ts'
import { isCut } from '../decide/execution-effects.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Statement } from '../session/session.ts'
import type { SqlArray } from '../session/sql-array.ts'
import { storedTexts } from '../stored-text.ts'
import { entriesPerRow } from '../table/journal-row.ts'
import { rowsOf } from './rows-of.ts'
import { numberArray, textArray } from './sql-arrays.ts'

/**
 * Statements that remove what has to go before a batch is written, because rows may take the place of those that go. The
 * ends of the journals are locked. The last of them fails when something was added before they were, so that all is decided again.
 */
export function removals(names: SqlNames, { executions, journals }: Effects): readonly Statement[] {
  const deleted = executions.filter(({ isDeleted }) => isDeleted)
  const cut = journals.filter(isCut)
  const shortened = cut.filter(({ kept }) => kept > 0)
  return [
    ...(deleted.length > 0 ? [deleteExecutions(names, deleted)] : []),
    ...(shortened.length > 0 ? [shortenRows(names, shortened)] : []),
    ...(cut.length > 0 ? [cutJournals(names, cut), giveWayToAdded(names, cut)] : []),
  ]
}

/** Whether a batch removes something, which the one statement that assumes cannot. */
export function removesExecutions({ executions, journals }: Effects): boolean {
  return executions.some(({ isDeleted }) => isDeleted) || journals.some(isCut)
}

function deleteExecutions({ executions }: SqlNames, list: readonly { readonly address: EntityAddress }[]): Statement {
  const text = `
delete from ${executions} e using ${rowsOf({ type: 'text', entity: 'text' }, ['$1', '$2'])} u
where e.type = u.type and e.entity = u.entity`
  return { name: 'cruster_delete_executions', text, values: namesOf(list) }
}

/** How much stays of a journal. */
interface Cut {
  readonly address: EntityAddress
  readonly kept: number
}

const cutRows = rowsOf({ type: 'text', entity: 'text', kept: 'int4' }, ['$1', '$2', '$3'])

/** Entries that stay keep their row: of it, fewer count. Locked first, because changing it waits for nobody who adds behind it. */
function shortenRows({ journals }: SqlNames, list: readonly Cut[]): Statement {
  const text = `
with locked as materialized (
  select j.type, j.entity, j.position, u.kept from ${cutRows} u join ${journals} j
    on j.type = u.type and j.entity = u.entity and j.position <= u.kept and j.position > u.kept - ${entriesPerRow}
  where j.position + j.count - 1 > u.kept for update of j
)
update ${journals} j set count = l.kept - j.position + 1 from locked l
where j.type = l.type and j.entity = l.entity and j.position = l.position`
  return { name: 'cruster_shorten_rows', text, values: valuesOf(list) }
}

function cutJournals({ journals }: SqlNames, list: readonly Cut[]): Statement {
  const text = `
delete from ${journals} j using ${cutRows} u
where j.type = u.type and j.entity = u.entity and j.position > u.kept`
  return { name: 'cruster_cut_journals', text, values: valuesOf(list) }
}

/**
 * The deletion does not see what somebody added who had shared the last row when it came. A statement behind it does; and whoever
 * comes later finds that row gone.
 */
function giveWayToAdded({ journals, giveWay }: SqlNames, list: readonly Cut[]): Statement {
  const text = `
select ${giveWay} from ${cutRows} u join ${journals} j on j.type = u.type and j.entity = u.entity and j.position > u.kept`
  return { name: 'cruster_give_way_to_added', text, values: valuesOf(list) }
}

function valuesOf(list: readonly Cut[]): readonly SqlArray[] {
  return [
    ...namesOf(list),
    numberArray(
      'int4',
      list.map(({ kept }) => kept),
    ),
  ]
}

function namesOf(list: readonly { readonly address: EntityAddress }[]): readonly SqlArray[] {
  return [
    textArray(storedTexts(list.map(({ address }) => address.type))),
    textArray(storedTexts(list.map(({ address }) => address.id))),
  ]
}
