import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { ProcessCluster } from '../src/cluster/process-cluster.ts'
import { wrongEffects } from '../src/load/check-load.ts'

// Real processes, in real time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it('leaves nothing behind when whoever started it is killed, not even what was frozen', async () => {
  const program = fileURLToPath(new URL('programs/abandoned-cluster.ts', import.meta.url))
  const starter = spawn(process.execPath, ['--conditions=@cruster/source', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line = ''] = (await once(createInterface(starter.stdout), 'line')) as string[]
  const { pids, etcd } = JSON.parse(line) as { readonly pids: readonly number[]; readonly etcd: string }
  const ranBefore = pids.map(isRunning)
  starter.kill('SIGKILL')

  const isEtcdThere = async (): Promise<boolean> =>
    fetch(etcd).then(
      () => true,
      () => false,
    )
  for (let waitedMs = 0; waitedMs < 10_000 && (pids.some(isRunning) || (await isEtcdThere())); waitedMs += 50) {
    await sleep(50)
  }

  expect(ranBefore).toEqual([true, true, true])
  expect(pids.filter(isRunning)).toEqual([])
  expect(await isEtcdThere()).toBe(false)
})

it('notices what is lost, doubled, out of order, or applied after a refusal', () => {
  const row = (operation: string, count: number) =>
    ({ entity: 'x', operation, kind: 'add', count, runner: 'a' }) as const
  const failed = { id: 'x', operation: 'refused', code: 'STORAGE', outcome: 'failed', tookMs: 1 }
  const report = {
    acknowledged: { x: ['first', 'lost'] },
    failed: [failed],
    calls: 3,
    slowestMs: 1,
    longestGapMs: {},
    medianMs: 1,
    p99Ms: 1,
  }

  const wrong = wrongEffects([row('first', 1), row('second', 2), row('second', 2), row('refused', 3)], [report])

  expect(wrong).toEqual([
    'second was applied twice',
    'lost was acknowledged and is lost',
    'refused was applied although its caller was told: failed',
    'x went from 2 to 2',
  ])
})

it('rejects with what a runner said when it cannot start', async () => {
  await using cluster = await ProcessCluster.start({ runners: ['a'] })

  await expect(cluster.startRunner('b', { address: 'nowhere' })).rejects.toThrow(
    'ConfigError: address must be host:port',
  )
})
