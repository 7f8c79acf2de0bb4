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

/** Statements that remove what has to go before a batch is written, because rows may take the place of those that go. */
export function removals(names: SqlNames, { executions, journals }: Effects): readonly Statement[] {
  const deleted = executions.filter(({ isDeleted }) => isDeleted)
  const cut = journals.filter(isCut)
  return [
    ...(deleted.length > 0 ? [deleteExecutions(names, deleted)] : []),
    ...(cut.length > 0 ? [cutJournals(names, cut)] : []),
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

/** Entries that stay keep their row: of it, fewer count. */
function cutJournals(
  { journals }: SqlNames,
  list: readonly { readonly address: EntityAddress; readonly kept: number }[],
): Statement {
  const rows = rowsOf({ type: 'text', entity: 'text', kept: 'int4' }, ['$1', '$2', '$3'])
  const text = `
with shortened as (
  update ${journals} j set count = u.kept - j.position + 1 from ${rows} u
  where j.type = u.type and j.entity = u.entity and j.position <= u.kept and j.position > u.kept - ${entriesPerRow}
    and j.position + j.count - 1 > u.kept
)
delete from ${journals} j using ${rows} u
where j.type = u.type and j.entity = u.entity and j.position > u.kept`
  return {
    name: 'cruster_cut_journals',
    text,
    values: [
      ...namesOf(list),
      numberArray(
        'int4',
        list.map(({ kept }) => kept),
      ),
    ],
  }
}

function namesOf(list: readonly { readonly address: EntityAddress }[]): readonly SqlArray[] {
  return [
    textArray(storedTexts(list.map(({ address }) => address.type))),
    textArray(storedTexts(list.map(({ address }) => address.id))),
  ]
}
