import { workflowSuite } from '../src/suite/all.ts'
import { postgresWorld } from '../src/worlds.ts'

workflowSuite(postgresWorld)
