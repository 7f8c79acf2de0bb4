import type { Crowd, CrowdTask } from '../roles/crowd.ts'
import { startProgram } from '../roles/program.ts'
import type { Environment, Figure, FigureWorkload } from '../workload.ts'

const residentEntities = 10_000

/** What a runner takes of memory: after its start, and for each entity that is idle in memory. */
export const w8: FigureWorkload = {
  kind: 'figures',
  id: 'w8',
  title: 'memory: at boot, and per idle entity',
  needs: ['postgres'],
  measure: measureMemory,
}

/** In a process of its own: this one has loaded what all workloads need. */
async function measureMemory({ postgresUrl = '' }: Environment): Promise<readonly Figure[]> {
  const task: CrowdTask = { postgresUrl, entities: residentEntities }
  await using program = await startProgram('crowd', task, ['--expose-gc'])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what that program tells
  const { bytesAtBoot, bytesPerEntity } = program.greeting as Crowd
  return [
    { name: 'resident memory at boot', value: bytesAtBoot / 2 ** 20, unit: 'MB', atMost: 90 },
    { name: 'per idle entity', value: bytesPerEntity, unit: 'bytes', atMost: 2000 },
  ]
}
