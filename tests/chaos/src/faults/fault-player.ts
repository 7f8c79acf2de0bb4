import { setTimeout as sleep } from 'node:timers/promises'
import type { TcpProxy } from '@cruster/testing'
import type { World } from '../world.ts'
import type { Fault, FaultKind } from './fault.ts'

type Play = (world: World, fault: Fault) => Promise<void>

/** How each fault is done, and undone. */
const plays: Readonly<Record<FaultKind, Play>> = {
  kill: async ({ runners }, { target, forMs }) => {
    await runners[target]?.killFor(forMs)
  },
  freeze: async ({ runners }, { target, forMs }) => {
    await runners[target]?.freezeFor(forMs)
  },
  restart: async ({ runners }, { target }) => {
    await runners[target]?.restart()
  },
  'rolling restart': async ({ runners }) => {
    for (const runner of runners) await runner.restart()
  },
  cut: async (world, fault) => {
    proxyOf(world, fault)?.breakLines()
  },
  silence: (world, fault) => onLine(world, fault, (proxy) => proxy.silence()),
  'half-open': (world, fault) => onLine(world, fault, (proxy) => proxy.silence(fault.direction)),
  slow: (world, fault) => onLine(world, fault, (proxy) => proxy.delay(fault.delayMs)),
  'kill client': async ({ clients }, { target }) => {
    clients[target]?.kill()
  },
  'etcd restart': async ({ etcd }, { forMs }) => {
    await etcd.kill()
    await sleep(forMs)
    await etcd.restart()
  },
  'etcd pause': async ({ etcd }, { forMs }) => {
    etcd.pause()
    await sleep(forMs)
    etcd.resume()
  },
  'postgres restart': async ({ postgres }, { how, forMs }) => {
    await postgres.stop(how)
    await sleep(forMs)
    await postgres.start()
  },
}

/** Does it; resolves when it is undone. */
export async function playFault(world: World, fault: Fault): Promise<void> {
  await plays[fault.kind](world, fault)
}

/** What a fault takes for itself: two faults of one server or one line at a time would undo each other. */
export function takenBy({ kind, target, line }: Fault): string {
  if (kind === 'etcd restart' || kind === 'etcd pause') return 'etcd'
  if (kind === 'postgres restart') return 'postgres'
  if (kind === 'cut' || kind === 'silence' || kind === 'half-open' || kind === 'slow') return `${line} of ${target}`
  return kind === 'kill client' ? `client ${target}` : 'processes'
}

async function onLine(world: World, fault: Fault, hit: (proxy: TcpProxy) => void): Promise<void> {
  const proxy = proxyOf(world, fault)
  if (proxy === undefined) return
  hit(proxy)
  await sleep(fault.forMs)
  proxy.heal()
}

function proxyOf({ runners }: World, { target, line }: Fault): TcpProxy | undefined {
  return runners[target]?.proxies[line]
}
