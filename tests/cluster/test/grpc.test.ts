import { expect, it } from 'vitest'
import { Counter, counter } from './counter.ts'
import { startGrpcCluster } from './grpc-cluster.ts'

const ids = Array.from({ length: 20 }, (_, index) => `counter-${index}`)

it('answers ten thousand calls between runners over gRPC', async () => {
  const { runners } = await startGrpcCluster([counter])
  const counters = runners.map((runner) => runner.client(Counter))
  const callers = 50
  const callsEach = 200

  const answers = await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const answered: number[] = []
      for (let call = 0; call < callsEach; call += 1) {
        const id = ids[(caller + call) % ids.length]!
        answered.push(await counters[caller % counters.length]!.get(id).getCount())
      }
      return answered
    }),
  )

  expect(answers.flat()).toEqual(Array.from({ length: callers * callsEach }, () => 0))
})

it('counts every increment once, however often the lines are cut', async () => {
  const { client, cutLines } = await startGrpcCluster([counter])
  const counters = client.client(Counter)
  const rounds = 10

  for (let round = 0; round < rounds; round += 1) {
    const increments = ids.map((id) => counters.get(id).increment(1))
    await increments[round]
    cutLines()
    await Promise.all(increments)
  }

  // An activity, because a plain call is not repeated when its line turns out to be broken.
  const counts = await Promise.all(ids.map((id) => counters.get(id).increment(0)))
  expect(counts).toEqual(ids.map(() => rounds))
})

it('takes a stream up where its line was cut', async () => {
  const { client, cutLines } = await startGrpcCluster([counter])
  const watched = client.client(Counter).get('a')
  await watched.increment(1)

  const seen: number[] = []
  for await (const count of watched.watch()) {
    seen.push(count)
    if (count === 30) break
    if (count % 10 === 0) cutLines()
    await watched.increment(1)
  }

  expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
})
