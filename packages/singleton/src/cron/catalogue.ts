import type { EntityContract, EntityImplementation, Method, NoErrors, PlainTypes } from '@cruster/core'
import { activity, defineEntity, rpc } from '@cruster/core'

interface CatalogueState {
  ids: readonly string[]
}

type CatalogueMethods = {
  readonly add: Method<'activity', PlainTypes<string, void>, 'protected'>
  readonly remove: Method<'activity', PlainTypes<string, void>, 'protected'>
  readonly list: Method<'rpc', PlainTypes<void, readonly string[]>, 'public'>
}

/** Which schedules of one kind there are: one entity for each kind. */
export type Catalogue = EntityContract<string, CatalogueState, CatalogueMethods, readonly [], NoErrors>

/** The contract of the catalogue of a kind of schedules. */
export function catalogueOf(kind: string, shardGroup = 'default'): Catalogue {
  return defineEntity(`Schedules.${kind}`, {
    shardGroup,
    state: (): CatalogueState => ({ ids: [] }),
    methods: {
      add: activity<string>({ visibility: 'protected' }),
      remove: activity<string>({ visibility: 'protected' }),
      list: rpc<void, readonly string[]>(),
    },
  })
}

/** The only entity of a catalogue. */
export const catalogueId = 'all'

/** What a catalogue does with what schedules tell it. */
export function implementCatalogue(contract: Catalogue): EntityImplementation {
  return contract.implement({
    add: ({ state }, id) => {
      if (!state.ids.includes(id)) state.ids = [...state.ids, id]
    },
    remove: ({ state }, id) => {
      state.ids = state.ids.filter((each) => each !== id)
    },
    list: ({ state }) => state.ids,
  })
}
