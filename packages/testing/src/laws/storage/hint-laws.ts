import type { Law } from '../../law.ts'
import { hearsOf } from './hears-of.ts'
import { address, commit, elsewhere, home, saveMessage } from './storage-samples.ts'
import type { StorageWorld } from './storage-world.ts'

export const hintLaws: readonly Law<StorageWorld>[] = [
  {
    id: 'ST18',
    title: 'tells who watches the hints of messages that are stored, and stops when it is told to',
    async check({ storage }) {
      if (storage.hints === undefined) return
      await hearsOf(storage.hints, [home, elsewhere], async (nth) => {
        await commit(storage, [saveMessage(`m${nth}`), saveMessage(`n${nth}`, { address: address('b', elsewhere) })])
      })
    },
  },
]
