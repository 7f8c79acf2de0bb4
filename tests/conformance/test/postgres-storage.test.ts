import { storageLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { postgresWorld } from './postgres-worlds.ts'

describeLaws({ name: 'PostgresStorage', open: () => postgresWorld() }, storageLaws)
