import { storageLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { fileWorld, memoryWorld } from './sqlite-worlds.ts'

describeLaws({ name: 'SqliteStorage in a file', open: () => fileWorld() }, storageLaws)

describeLaws(
  { name: 'SqliteStorage in memory', open: () => memoryWorld(), knownGaps: { ST12: 'in memory nothing survives' } },
  storageLaws,
)
