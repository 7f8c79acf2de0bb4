import { workflowSuite } from '../src/suite/all.ts'
import { testClusterWorld } from '../src/worlds.ts'

workflowSuite(testClusterWorld)
