import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Whether somebody listens there. */
function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

describe('pnpm infra', () => {
  it('starts PostgreSQL and etcd, says where they are, and ends them at Ctrl-C', { timeout: 60_000 }, async () => {
    const infra = spawn(process.execPath, ['--conditions=@cruster/source', main], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const urls: string[] = []
    for await (const line of createInterface(infra.stdout)) {
      urls.push(/^export (?:POSTGRES_URL|ETCD_ENDPOINTS)=(\S+)$/.exec(line)?.[1] ?? line)
      if (urls.length === 2) break
    }

    expect(await Promise.all(urls.map(isOpen))).toEqual([true, true])
    infra.kill('SIGINT')
    const [code] = await once(infra, 'exit')
    expect(code).toBe(0)
    expect(await Promise.all(urls.map(isOpen))).toEqual([false, false])
  })
})
