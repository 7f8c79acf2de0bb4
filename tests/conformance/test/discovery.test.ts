import { discoveryLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { memoryDiscoveryWorld } from './discovery-worlds.ts'

describeLaws({ name: 'MemoryDiscovery', open: () => memoryDiscoveryWorld() }, discoveryLaws)
