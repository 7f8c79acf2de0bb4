import { clockLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { systemClockWorld, virtualClockWorld } from './clock-worlds.ts'

describeLaws({ name: 'VirtualClock', open: () => virtualClockWorld() }, clockLaws)

describeLaws({ name: 'SystemClock', open: () => systemClockWorld() }, clockLaws)
