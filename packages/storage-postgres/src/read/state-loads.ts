import type { EntityAddress } from '@cruster/core'
import type { Clock, StateReader, StoredState } from '@cruster/core/ports'
import { bytesOf, numberOf } from '../row-values.ts'
import type { SqlNames } from '../schema/sql-names.ts'
import type { Row, Statement } from '../session/session.ts'
import { toStoredText } from '../stored-text.ts'
import { textArray } from '../write/sql-arrays.ts'
import type { Read } from './postgres-message-reader.ts'

/** States that one query brings. They may be large. */
const atOnce = 64

/** One that waits for the query. */
interface Load {
  readonly address: EntityAddress
  readonly resolve: (state: StoredState | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads states. Those that are asked for in the same turn of the event loop share a query: whoever takes shards over asks for many
 * at once, while their callers wait.
 */
export class StateLoads implements StateReader {
  readonly #read: Read
  readonly #names: SqlNames
  readonly #clock: Clock
  #waiting: Load[] = []

  constructor(read: Read, names: SqlNames, clock: Clock) {
    this.#read = read
    this.#names = names
    this.#clock = clock
  }

  load(address: EntityAddress): Promise<StoredState | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ address, resolve, reject })
      if (this.#waiting.length === 1) this.#clock.defer(() => this.#loadAll())
    })
  }

  #loadAll(): void {
    const loads = this.#waiting
    this.#waiting = []
    for (let from = 0; from < loads.length; from += atOnce) void this.#loadSome(loads.slice(from, from + atOnce))
  }

  async #loadSome(loads: readonly Load[]): Promise<void> {
    try {
      const rows = await this.#read(loadStatement(this.#names, loads))
      const rowOf = new Map(rows.map((row) => [numberOf(row, 'place'), row]))
      for (const [index, { resolve, reject }] of loads.entries()) {
        try {
          resolve(stateOf(rowOf.get(index + 1)))
        } catch (error) {
          reject(error)
        }
      }
    } catch (error) {
      for (const { reject } of loads) reject(error)
    }
  }
}

export function loadStatement(
  { states }: SqlNames,
  loads: readonly { readonly address: Pick<EntityAddress, 'type' | 'id'> }[],
): Statement {
  const text = `
select k.place::int4, s.version, s.state
from unnest($1::text[], $2::text[]) with ordinality k (type, entity, place)
join ${states} s on s.type = k.type and s.entity = k.entity`
  const values = [
    textArray(loads.map(({ address }) => toStoredText(address.type))),
    textArray(loads.map(({ address }) => toStoredText(address.id))),
  ]
  return { name: 'cruster_load', text, values }
}

function stateOf(row: Row | undefined): StoredState | undefined {
  return row === undefined ? undefined : { version: numberOf(row, 'version'), state: bytesOf(row, 'state') }
}
