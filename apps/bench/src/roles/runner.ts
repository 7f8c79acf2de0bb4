import { Runner } from 'cruster'
import { countingHandlers } from '../workloads/counter.ts'
import { clusterStorage, surroundings, type ClusterPlace } from './cluster.ts'
import { givenArgument, tell, untilTold } from './program.ts'

/** A runner of a cluster, with the counters that benchmarks call. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the parent gives
const place = givenArgument() as ClusterPlace
const { register } = countingHandlers()
await using runner = await Runner.start({ ...surroundings(place), storage: clusterStorage(place), register })
tell({ address: runner.address })
await untilTold()
