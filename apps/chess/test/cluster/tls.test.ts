import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, it } from 'vitest'
import { Authority } from '../../../../packages/transport-grpc/test/certificates.ts'
import { temporaryFolder } from '../in-process-server.ts'
import { ClusterProcess } from './cluster-process.ts'

/** What somebody finds out who connects without a certificate. */
function knock(address: string, ca: string): Promise<string> {
  const { hostname, port } = new URL(`tcp://${address}`)
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      ca,
      servername: 'chess-runner',
      ALPNProtocols: ['h2'],
    })
    socket.once('error', (error) => resolve(error.message))
    socket.once('secureConnect', () => socket.write('hello'))
    socket.once('close', () => resolve('closed'))
  })
}

it('runners talk over TLS, and only to those with a certificate of theirs', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder()
  const authority = new Authority('chess')
  const { cert, key } = authority.issue('chess-runner')
  const files = { 'ca.crt': authority.ca, 'tls.crt': cert, 'tls.key': key }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text)
  const env = { CLUSTER_TLS_DIR: folder.path, CLUSTER_TOKEN: 'a-secret-of-some-length' }
  await using cluster = await ClusterProcess.startWith(env, '--runners', '2')

  const games = await Promise.all(Array.from({ length: 6 }, () => cluster.api.game()))
  for (const { gameId, white } of games) {
    expect(await cluster.api.move(gameId, white, 'e2e4', gameId)).toMatchObject({ status: 200 })
  }
  const { runners } = (await cluster.api.get('/admin/stats')).body as { runners: { address: string; shards: number }[] }
  expect(runners.filter(({ shards }) => shards > 0)).toHaveLength(2)
  for (const { address } of runners) expect(await knock(address, authority.ca)).toMatch(/certificate required/i)
})
