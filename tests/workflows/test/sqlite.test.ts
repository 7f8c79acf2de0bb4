import { workflowSuite } from '../src/suite/all.ts'
import { sqliteWorld } from '../src/worlds.ts'

workflowSuite(sqliteWorld)
