import { DeadLettered, RunnerUnavailable, activity, defineEntity, encode, epoch, rpc } from '@cruster/core'
import { VirtualClock } from '@cruster/core/memory'
import type { Storage } from '@cruster/core/ports'
import type { EntityScope, NativeCall, NativeInstance } from '@cruster/sharding/extension'
import { Outbox, Postponed, concluded, hiddenEntity } from '@cruster/sharding/extension'
import { openSqliteStorage } from '@cruster/storage-sqlite'
import type { TestCluster } from '@cruster/testing'
import { expect, it, onTestFinished } from 'vitest'
import { Counter, counter } from './counter.ts'
import { failureOf } from './failure-of.ts'
import type { Gate } from './gate.ts'
import { gate } from './gate.ts'
import { native } from './installed.ts'
import { replaced } from './replaced.ts'
import { startCluster } from './start-cluster.ts'

const Desk = hiddenEntity('Test/Desk', { methods: { hear: activity<string, string>(), ask: rpc<string, string>() } })

type Handlers = Partial<Record<'hear' | 'ask', (call: NativeCall, scope: EntityScope) => Promise<unknown>>>

const answer = async ({ input }: NativeCall): Promise<unknown> => `heard ${String(input)}`

/** A desk that serves calls as the test says. */
const desk = (handlers: Handlers, rest: Omit<NativeInstance, 'handlers'> = {}) =>
  native(Desk, (scope) => ({
    ...rest,
    handlers: {
      hear: async (call) => (handlers.hear ?? answer)(call, scope),
      ask: async (call) => (handlers.ask ?? answer)(call, scope),
    },
  }))

/** Statuses of the stored messages of the desk, in the order in which they were sent. */
async function statuses(cluster: TestCluster): Promise<readonly string[]> {
  const records = await cluster.storage.messages.list({ type: Desk.name, limit: 100 })
  return records.toSorted((a, b) => a.message.sequence - b.message.sequence).map(({ status }) => status)
}

it('starts stored messages in their order, and none waits for the end of another', async () => {
  const heard: unknown[] = []
  const long = gate()
  const hear = async ({ input }: NativeCall): Promise<void> => {
    heard.push(input)
    if (input === 'long') await long.opened
  }
  const cluster = await startCluster({ register: [desk({ hear })] })

  for (const text of ['long', 'b', 'c']) await cluster.client(Desk).notify('a').hear(text)
  await cluster.until(
    'b and c are done',
    async () => (await statuses(cluster)).join() === 'pending,completed,completed',
  )

  expect(heard).toEqual(['long', 'b', 'c'])
  long.open()
  await cluster.until('all are done', async () => (await statuses(cluster))[0] === 'completed')
})

it('delivers a concluded message never again, though its handler had not returned when its owner crashed', async () => {
  const heard: number[] = []
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    heard.push(call.request.attempt)
    await scope.commit(call.conclude('done'))
    return new Promise(() => undefined)
  }
  const cluster = await startCluster({ runners: 2, register: [desk({ hear })] })

  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it is concluded', async () => (await statuses(cluster)).join() === 'completed')
  await cluster.crash(cluster.ownerOf(Desk, 'a'))
  await cluster.balanced()
  await cluster.clock.advance('1 minute')

  expect(heard).toEqual([1])
})

it('delivers again, in order, what was not concluded when its owner crashed', async () => {
  const heard: string[] = []
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    heard.push(`${String(call.input)}${call.request.attempt}`)
    if (call.request.attempt > 1) return undefined
    await scope.commit([])
    return new Promise(() => undefined)
  }
  const cluster = await startCluster({ runners: 2, register: [desk({ hear })] })
  const texts = ['a', 'b', 'c', 'd', 'e', 'f']

  for (const text of texts) await cluster.client(Desk).notify('one').hear(text)
  await cluster.until('all have started', () => heard.length === texts.length)
  await cluster.crash(cluster.ownerOf(Desk, 'one'))
  await cluster.until('all are done', async () => (await statuses(cluster)).every((status) => status === 'completed'))

  expect(heard).toEqual(['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'a2', 'b2', 'c2', 'd2', 'e2', 'f2'])
})

it('refuses a commit whose shard was claimed by another owner meanwhile', async () => {
  const begun = gate()
  const goOn = gate()
  const results: unknown[] = []
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    begun.open()
    if (results.length === 0) await goOn.opened
    const { kind } = await scope.commit(call.conclude())
    results.push(`${kind} under epoch ${scope.fence.epoch}`)
    return kind === 'applied' ? concluded : new Promise(() => undefined)
  }
  const cluster = await startCluster({ register: [desk({ hear })] })
  await cluster.client(Desk).notify('a').hear('x')
  await cluster.settled(begun.opened)
  const shard = cluster.runners[0]!.runner.sharding.getShardId(Desk, 'a')

  await cluster.storage.claim([{ shard, epoch: epoch(2) }])
  goOn.open()
  await cluster.until('it is concluded', async () => (await statuses(cluster)).join() === 'completed')

  expect(results).toEqual(['fenced under epoch 1', 'applied under epoch 2'])
})

it('aborts an instance whose owner has lost its lease, and refuses what it wants to commit then', async () => {
  const scopes: EntityScope[] = []
  const hear = async (_: NativeCall, scope: EntityScope): Promise<unknown> => {
    scopes.push(scope)
    return scopes.length > 1 ? undefined : new Promise(() => undefined)
  }
  const cluster = await startCluster({ runners: 2, register: [desk({ hear })] })
  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it has started', () => scopes.length === 1)
  const owner = cluster.ownerOf(Desk, 'a')

  await cluster.pause(owner)
  await cluster.until('the next owner serves it', () => scopes.length === 2)
  await cluster.resume(owner)
  await cluster.until('the former instance is aborted', () => scopes[0]!.signal.aborted)

  expect(await failureOf(scopes[0]!.commit([]))).toBeInstanceOf(RunnerUnavailable)
  expect(scopes[0]!.mayExecute()).toBe(false)
})

it('tells a native entity of a drain, and moves when it has come to rest', async () => {
  const told: string[] = []
  const rest = gate()
  const hear = async (call: NativeCall): Promise<unknown> => {
    told.push(`hear ${call.request.attempt}`)
    await rest.opened
    return undefined
  }
  const hooks = {
    draining: () => {
      told.push('draining')
      rest.open()
    },
    onDeactivate: async (reason: string) => {
      told.push(reason)
    },
  }
  const cluster = await startCluster({ runners: 2, register: [desk({ hear }, hooks)] })
  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it has started', () => told.length > 0)
  const before = cluster.clock.now()

  await cluster.stop(cluster.ownerOf(Desk, 'a'))

  expect(told).toEqual(['hear 1', 'draining', 'shutdown'])
  expect(cluster.clock.now() - before).toBeLessThan(1000)
  expect(await statuses(cluster)).toEqual(['completed'])
})

it('aborts what does not come to rest until the termination timeout, and has the next owner serve it', async () => {
  const scopes: EntityScope[] = []
  const hear = async (_: NativeCall, scope: EntityScope): Promise<unknown> => {
    scopes.push(scope)
    return scopes.length > 1 ? undefined : new Promise(() => undefined)
  }
  const cluster = await startCluster({
    runners: 2,
    register: [desk({ hear })],
    config: { terminationTimeout: '3s', abandonAfter: '1s' },
  })
  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it has started', () => scopes.length === 1)
  const before = cluster.clock.now()

  await cluster.stop(cluster.ownerOf(Desk, 'a'))
  const tookMs = cluster.clock.now() - before
  await cluster.until('the next owner has served it', async () => (await statuses(cluster)).join() === 'completed')

  expect(tookMs).toBeGreaterThanOrEqual(3000)
  expect(tookMs).toBeLessThan(5000)
  expect(scopes[0]!.signal.aborted).toBe(true)
})

it('does not wait for what holds an entity longer than the termination timeout', async () => {
  const cluster = await startCluster({
    runners: 2,
    register: [
      desk({
        hear: async (_, scope) => {
          scope.hold()
        },
      }),
    ],
    config: { terminationTimeout: '3s', abandonAfter: '1s' },
  })
  await cluster.settled(cluster.client(Desk).get('a').hear('x'))
  const before = cluster.clock.now()

  await cluster.stop(cluster.ownerOf(Desk, 'a'))

  expect(cluster.clock.now() - before).toBeGreaterThanOrEqual(3000)
  expect(cluster.clock.now() - before).toBeLessThan(6000)
})

it('delivers again what a handler postpones, as often as it has to, without counting', async () => {
  const attempts: number[] = []
  const hear = async ({ request }: NativeCall): Promise<unknown> => {
    attempts.push(request.attempt)
    if (attempts.length < 20) throw new Postponed('Version 2 is not here.')
    return undefined
  }
  const cluster = await startCluster({ register: [desk({ hear })], config: { maxAttempts: 3 } })

  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it is done', async () => (await statuses(cluster)).join() === 'completed')

  expect(attempts).toEqual(Array.from({ length: 20 }, () => 1))
})

it('gives a message up whose handler fails again and again', async () => {
  const hear = async (): Promise<unknown> => {
    throw new Error('no')
  }
  const cluster = await startCluster({ register: [desk({ hear })], config: { maxAttempts: 3 } })

  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it is dead', async () => (await statuses(cluster)).join() === 'dead')

  const [dead] = await cluster.runners[0]!.runner.deadLetters.list()
  expect(dead?.error).toBeInstanceOf(DeadLettered)
})

it('answers a volatile call that is postponed with the reason', async () => {
  const missing = new RangeError('Version 2 is not here.')
  const ask = async (): Promise<unknown> => {
    throw new Postponed('later', { cause: missing })
  }
  const cluster = await startCluster({ register: [desk({ ask })] })

  expect(await failureOf(cluster.client(Desk).get('a').ask('x'))).toMatchObject({ message: missing.message })
})

it('records the outcome of a call once, however often it is repeated', async () => {
  let runs = 0
  const hear = async (): Promise<unknown> => `run ${(runs += 1)}`
  const cluster = await startCluster({ register: [desk({ hear })] })
  const one = cluster.client(Desk).get('a')

  expect(await one.hear('x', { idempotencyKey: 'k' })).toBe('run 1')
  expect(await one.hear('x', { idempotencyKey: 'k' })).toBe('run 1')
})

it('keeps an entity in memory while it objects, and evicts it when it does not', async () => {
  const lives: string[] = []
  let objects = true
  const hooks = { onIdle: () => objects, onDeactivate: async (reason: string) => void lives.push(reason) }
  const cluster = await startCluster({ register: [desk({}, hooks)], config: { maxIdleTime: '1s' } })
  await cluster.client(Desk).get('a').ask('x')

  await cluster.clock.advance('10s')
  expect(cluster.runners[0]!.runner.sharding.activeEntityCount).toBe(1)
  objects = false
  await cluster.clock.advance('3s')

  expect(cluster.runners[0]!.runner.sharding.activeEntityCount).toBe(0)
  expect(lives).toEqual(['idle'])
})

it('lets a native entity leave memory at once when it says that it is done, and only when nothing of it runs', async () => {
  const left: string[] = []
  const long = gate()
  let isDone = false
  const ask = async ({ input }: NativeCall): Promise<void> => {
    isDone = input === 'last'
    if (input === 'long') await long.opened
  }
  const cluster = await startCluster({
    register: [
      desk(
        { ask },
        {
          isDone: () => isDone,
          onDeactivate: async (reason) => void left.push(reason),
          over: () => void left.push('over'),
        },
      ),
    ],
  })
  const calls = cluster.client(Desk).get('a')

  await calls.ask('first')
  const running = calls.ask('long')
  await calls.ask('last')
  await cluster.clock.advance(0)
  expect(left).toEqual([])
  long.open()
  await running
  await cluster.clock.advance(0)

  expect(left).toEqual(['idle', 'over'])
})

it('tells a native entity that its creation failed whoever has called it, and the next call tries anew', async () => {
  let isBroken = true
  const broken = native(Desk, () => {
    if (isBroken) throw new Error('no paper')
    return { handlers: { hear: answer, ask: answer } }
  })
  const cluster = await startCluster({ register: [broken] })

  await expect(cluster.client(Desk).get('a').ask('x')).rejects.toThrow('no paper')
  isBroken = false

  expect(await cluster.settled(cluster.client(Desk).get('a').ask('y'), 'an answer')).toBe('heard y')
})

it('announces the messages of its own units, and sends nothing of a unit that was refused', async () => {
  const target = { contract: Counter, id: 'c', name: 'increment', method: Counter.methods.increment }
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    const message = scope.message(target, call.input === 'one' ? 1 : 10)
    const unknown = scope.message(target, 100).id
    const refusal = call.input === 'one' ? [] : ([{ kind: 'completeMessage', id: unknown }] as const)
    const { kind } = await scope.commit([{ kind: 'saveMessage', message }, ...refusal])
    return kind
  }
  const cluster = await startCluster({ register: [desk({ hear }), counter], config: { sweepInterval: '1 hour' } })
  const desks = cluster.client(Desk)

  expect(await desks.get('a').hear('one')).toBe('applied')
  expect(await desks.get('a').hear('ten')).toBe('gone')
  await cluster.until('it has arrived', async () => (await cluster.client(Counter).get('c').getCount()) === 1)
  await cluster.clock.advance('1 minute')

  expect(await cluster.client(Counter).get('c').getCount()).toBe(1)
})

it('collects one-way messages of its clients in an outbox', async () => {
  const hear = async ({ input }: NativeCall, scope: EntityScope): Promise<unknown> => {
    const outbox = new Outbox()
    await scope.clients({ outbox }).client(Counter).notify('c').increment(5)
    if (input === 'keep') await scope.commit(outbox.operations())
    return undefined
  }
  const cluster = await startCluster({ register: [desk({ hear }), counter] })

  await cluster.client(Desk).get('a').hear('drop')
  await cluster.client(Desk).get('a').hear('keep')
  await cluster.until('it has arrived', async () => (await cluster.client(Counter).get('c').getCount()) > 0)

  expect(await cluster.client(Counter).get('c').getCount()).toBe(5)
})

it('concludes messages of other handlers and messages that have not started in its own unit', async () => {
  const calls: NativeCall[] = []
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    calls.push(call)
    if (call.input !== 'last') return new Promise((resolve) => call.signal.addEventListener('abort', resolve))
    await scope.commit(calls.flatMap((each) => each.conclude()))
    return concluded
  }
  const cluster = await startCluster({ runners: 2, register: [desk({ hear })] })
  for (const text of ['a', 'b', 'last']) await cluster.client(Desk).notify('one').hear(text)
  await cluster.until('all are done', async () => (await statuses(cluster)).every((status) => status === 'completed'))

  await cluster.crash(cluster.ownerOf(Desk, 'one'))
  await cluster.clock.advance('1 minute')

  expect(calls.map(({ input }) => input)).toEqual(['a', 'b', 'last'])
})

it('makes an instance anew that does not know what is stored, when nothing of it is under way any more', async () => {
  const lives: EntityScope[] = []
  const heard: string[] = []
  const create = (scope: EntityScope): NativeInstance => {
    const life = lives.push(scope)
    return {
      handlers: {
        hear: async (call) => {
          heard.push(`${life} ${String(call.input)} ${call.request.attempt}`)
          if (life === 1 && call.input === 'b') scope.restart(new Error('lost'))
          return life === 1 ? new Promise(() => undefined) : undefined
        },
        ask: answer,
      },
    }
  }
  const cluster = await startCluster({ register: [native(Desk, create)] })

  await cluster.client(Desk).notify('one').hear('a')
  await cluster.client(Desk).notify('one').hear('b')
  await cluster.until('all are done', async () => (await statuses(cluster)).join() === 'completed,completed')

  expect(heard).toEqual(['1 a 1', '1 b 1', '2 a 1', '2 b 1'])
  expect(lives[0]!.signal.aborted).toBe(true)
  expect(await failureOf(lives[0]!.commit([]))).toBeInstanceOf(RunnerUnavailable)
})

it('serves a message again whose commit was applied without an answer, and finds that it is over', async () => {
  const heard: string[] = []
  const slow: Gate = gate()
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    heard.push(String(call.input))
    await slow.opened
    await scope.commit(call.conclude())
    return concluded
  }
  const cluster = await startCluster({ register: [desk({ hear })] })
  await cluster.client(Desk).notify('a').hear('x')
  await cluster.until('it has started', () => heard.length === 1)

  cluster.failStorage(cluster.runners[0]!, 'unanswered')
  slow.open()
  await cluster.clock.advance('100ms')
  cluster.failStorage(cluster.runners[0]!, 'off')
  await cluster.clock.advance('1 minute')

  expect(await statuses(cluster)).toEqual(['completed'])
  expect(heard).toEqual(['x'])
})

it('starts stored messages in their order when the one before them turns out to be over', async () => {
  const clock = new VirtualClock()
  const storage = await openSqliteStorage({ file: ':memory:', clock })
  onTestFinished(async () => storage[Symbol.asyncDispose]())
  const first: NativeCall[] = []
  const heard: unknown[] = []
  const find: Storage['messages']['find'] = async (id) => {
    // The last is looked up fastest.
    if (id !== first[2]?.request.id) await new Promise<void>((resolve) => clock.setTimer(1000, resolve))
    return storage.messages.find(id)
  }
  const hear = async (call: NativeCall, scope: EntityScope): Promise<unknown> => {
    if (first.length === 3) return heard.push(call.input)
    if (first.push(call) < 3) return new Promise(() => undefined)
    // As a commit whose answer is lost.
    await storage.commit([{ fence: scope.fence, operations: first[0]!.conclude() }])
    scope.restart(new Error('lost'))
    return new Promise(() => undefined)
  }
  const cluster = await startCluster({
    clock,
    storage: replaced(storage, 'messages', replaced(storage.messages, 'find', find)),
    register: [desk({ hear })],
  })

  for (const text of ['a', 'b', 'c']) await cluster.client(Desk).notify('one').hear(text)
  await cluster.until('all are done', async () => (await statuses(cluster)).every((status) => status === 'completed'))

  expect(first.map(({ input }) => input)).toEqual(['a', 'b', 'c'])
  expect(heard).toEqual(['b', 'c'])
})

const Neighbour = defineEntity('Neighbour', {
  state: () => ({ total: 0 }),
  methods: { add: activity<number>() },
  colocateBy: (id) => id,
})
const neighbour = Neighbour.implement({
  add: ({ state }, number) => {
    state.total += number
  },
})
const NearDesk = hiddenEntity('Test/NearDesk', { methods: { look: rpc<void, unknown>() }, colocateBy: (id) => id })

it('looks at the committed state of a neighbour, which stays in memory meanwhile', async () => {
  const near = native(NearDesk, (scope) => ({
    handlers: {
      look: async () => {
        const held = await scope.stateOf(Neighbour, scope.address.id)
        const before = held.current()
        await scope.clients().client(Neighbour).get(scope.address.id).add(3)
        const after = held.current()
        held.release()
        return [before, after]
      },
    },
  }))
  const cluster = await startCluster({ register: [near, neighbour] })

  expect(await cluster.client(NearDesk).get('a').look()).toEqual([{ total: 0 }, { total: 3 }])
})

it('refuses to look at an entity on another shard', async () => {
  const look = native(NearDesk, (scope) => ({
    handlers: { look: async () => (await scope.stateOf(Neighbour, 'elsewhere')).current() },
  }))
  const cluster = await startCluster({ register: [look, neighbour] })

  expect(await failureOf(cluster.client(NearDesk).get('a').look())).toMatchObject({ code: 'CONFIG' })
})

it('begins a later life only when no commit of the former is under way', async () => {
  const clock = new VirtualClock()
  const slow = gate()
  const log: string[] = []
  const storage = await openSqliteStorage({ file: ':memory:', clock })
  onTestFinished(async () => storage[Symbol.asyncDispose]())
  const commit: Storage['commit'] = async (units) => {
    const isSlow = units.some(({ operations }) => operations.some(({ kind }) => kind === 'expectState'))
    if (!isSlow) return storage.commit(units)
    await slow.opened
    log.push('committed')
    return storage.commit(units)
  }
  const create = (scope: EntityScope): NativeInstance => {
    log.push('life')
    const under = async (): Promise<unknown> => {
      const committing = scope.commit([{ kind: 'expectState', address: scope.address, version: 0 }])
      scope.restart(new Error('lost'))
      return committing
    }
    return { handlers: { hear: async () => (log.length === 1 ? under() : 'done'), ask: answer } }
  }
  const cluster = await startCluster({
    clock,
    storage: replaced(storage, 'commit', commit),
    register: [native(Desk, create)],
  })

  await cluster.client(Desk).notify('a').hear('x')
  await cluster.clock.advance('30s')
  expect(log).toEqual(['life'])
  slow.open()
  await cluster.until('it is done', async () => (await statuses(cluster)).join() === 'completed')

  expect(log).toEqual(['life', 'committed', 'life'])
})

it('calls no handler of an instance that was given up while the input was checked', async () => {
  const checked = gate()
  const asked: string[] = []
  const validate = async (value: unknown): Promise<{ readonly value: string }> => {
    if (asked.push(`check ${String(value)}`) === 1) await checked.opened
    return { value: String(value) }
  }
  const slowly = { '~standard': { version: 1 as const, vendor: 'test', validate } }
  const Careful = hiddenEntity('Test/Careful', { methods: { hear: activity({ input: slowly }), give: rpc() } })
  let lives = 0
  const careful = native(Careful, (scope) => {
    const life = (lives += 1)
    return {
      handlers: {
        hear: async ({ input }) => void asked.push(`${life} hears ${String(input)}`),
        give: async () => {
          scope.restart(new Error('given up'))
        },
      },
    }
  })
  const cluster = await startCluster({ register: [careful] })
  const { sharding, client } = cluster.runners[0]!.runner
  const message = {
    id: sharding.snowflake(),
    address: { shard: sharding.getShardId(Careful, 'a'), type: Careful.name, id: 'a' },
    method: 'hear',
    payload: encode('x'),
    repeatable: true,
  }
  await sharding.notify(message)
  await cluster.until('the input is being checked', () => asked.length === 1)

  await failureOf(cluster.settled(client(Careful).get('a').give()))
  checked.open()
  await cluster.until('the next life has heard it', () => asked.length === 3)
  await cluster.clock.advance('1 minute')

  expect(asked).toEqual(['check x', 'check x', '2 hears x'])
})

it('sends itself what is private to it, and nobody else may', async () => {
  const heard: unknown[] = []
  const Shy = hiddenEntity('Test/Shy', {
    methods: { remember: activity<string>(), hint: activity<string>({ visibility: 'private' }) },
  })
  const target = (id: string) => ({ contract: Shy, id, name: 'hint', method: Shy.methods.hint })
  const shy = native(Shy, (scope) => ({
    handlers: {
      remember: async ({ input }) => {
        const messages = ['a', 'b'].map((id) => scope.message(target(id), input))
        await scope.commit(messages.map((message) => ({ kind: 'saveMessage', message }) as const))
      },
      hint: async ({ input }) => void heard.push(`${scope.address.id} ${String(input)}`),
    },
  }))
  const cluster = await startCluster({ register: [shy] })

  await cluster.client(Shy).get('a').remember('x')
  const { deadLetters } = cluster.runners[0]!.runner
  await cluster.until('one is given up', async () => (await deadLetters.list()).length === 1)
  await cluster.until('the other has arrived', () => heard.length > 0)

  expect(heard).toEqual(['a x'])
  expect((await deadLetters.list())[0]?.address.id).toBe('b')
})
