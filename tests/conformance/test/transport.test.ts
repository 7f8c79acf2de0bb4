import { SeededRandom } from '@cruster/core/memory'
import { transportLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { memoryTransportWorld } from './transport-worlds.ts'

describeLaws({ name: 'MemoryTransport', open: () => memoryTransportWorld() }, transportLaws)

describeLaws({ name: 'MemoryTransport with delays', open: () => slowWorld() }, transportLaws)

/** Each batch takes up to 20 ms, so that a later one could overtake it. */
function slowWorld(): ReturnType<typeof memoryTransportWorld> {
  const random = new SeededRandom(7)
  return memoryTransportWorld({
    options: { faults: { deliver: () => ({ kind: 'delayed', delayMs: random.next() * 20 }) } },
  })
}
