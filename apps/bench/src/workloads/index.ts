import type { Workload } from '../workload.ts'
import { grow } from './grow.ts'
import { w1 } from './w1-volatile.ts'
import { w2 } from './w2-remote.ts'
import { w3, w3a } from './w3-persisted.ts'
import { w4, w5 } from './w4-workflow.ts'
import { w6 } from './w6-sleep.ts'
import { w6s } from './w6-many-sleepers.ts'
import { w7 } from './w7-crash.ts'
import { w8 } from './w8-memory.ts'
import { w8s } from './w8-sleeping.ts'
import { w9 } from './w9-restart.ts'

/** All workloads, in the order of the report. */
export const workloads: readonly Workload[] = [w1, w2, w3, w3a, w4, w5, w6, w6s, w7, w8, w8s, w9, grow]
