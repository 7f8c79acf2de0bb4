import { activity, defineEntity, error, isCrusterError, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { failureOf } from './failure-of.ts'
import { gate } from './gate.ts'
import { startCluster } from './start-cluster.ts'

const Account = defineEntity('Account', {
  state: () => ({ balance: 0 }),
  errors: { Insufficient: error<{ missing: number }>(), Closed: z.object({ since: z.string() }) },
  methods: {
    deposit: activity({ input: z.number().positive(), output: z.number() }),
    withdraw: activity<number, number>(),
    audit: rpc<string, string>(),
  },
})

const account = Account.implement({
  deposit: ({ state }, amount) => (state.balance += amount),
  withdraw: ({ state }, amount) => {
    if (amount > state.balance) throw new Account.errors.Insufficient({ missing: amount - state.balance })
    return (state.balance -= amount)
  },
  audit: (_, what) => {
    if (what === 'declared') throw new Account.errors.Closed({ since: 'today' })
    if (what === 'error') throw new Error('no auditor')
    if (what === 'odd') throw Object.assign(new Error('odd'), { code: 'E_ODD' })
    throw new TypeError('undefined is not an auditor')
  },
})

it('brings declared errors to the caller as instances with their data', async () => {
  const cluster = await startCluster({ register: [account], runners: 2 })
  const one = cluster.client(Account).get('1')

  const failure = await one.withdraw(5).catch((thrown: unknown) => thrown)

  expect(failure).toBeInstanceOf(Account.errors.Insufficient)
  expect(failure).toMatchObject({ data: { missing: 5 } })
  await expect(one.audit('declared')).rejects.toBeInstanceOf(Account.errors.Closed)
})

it('brings other errors as remote errors with name, message and code, and no stack of the server', async () => {
  const cluster = await startCluster({ register: [account], runners: 2 })
  const one = cluster.client(Account).get('1')

  const failure = await one.audit('odd').catch((thrown: unknown) => thrown)

  expect(isCrusterError(failure)).toBe(true)
  expect(failure).toMatchObject({ code: 'REMOTE', remoteName: 'Error', message: expect.stringContaining('odd') })
  expect((failure as Error).stack).not.toContain('failures.test.ts:2')
})

it('refuses an input that does not fit its schema before anything runs', async () => {
  const cluster = await startCluster({ register: [account] })
  const one = cluster.client(Account).get('1')

  await expect(one.deposit(-5)).rejects.toMatchObject({ code: 'VALIDATION', issues: [{ path: [] }] })

  expect(await one.deposit(5)).toBe(5)
})

it('makes an entity anew after a defect, later each time', async () => {
  const activations: number[] = []
  const cluster = await startCluster({
    register: [
      defineEntity('Buggy', { state: () => ({}), methods: { run: rpc<boolean, string>() } }).implement(
        {
          run: (_, isBroken) => {
            if (isBroken) throw new TypeError('a bug')
            return 'well'
          },
        },
        { onActivate: () => void activations.push(cluster.clock.monotonic()) },
      ),
    ],
  })
  const Buggy = defineEntity('Buggy', { state: () => ({}), methods: { run: rpc<boolean, string>() } })
  const one = cluster.client(Buggy).get('1')

  for (let round = 0; round < 4; round += 1) {
    await expect(cluster.settled(one.run(true))).rejects.toMatchObject({ message: expect.stringContaining('a bug') })
  }
  expect(await cluster.settled(one.run(false))).toBe('well')

  const pauses = activations.slice(1).map((at, index) => Math.round(at - activations[index]!))
  expect(pauses).toEqual([0, 500, 750, 1125])
})

it('forgets crashes after a run that went well', async () => {
  const Buggy = defineEntity('Buggy', { state: () => ({}), methods: { run: rpc<boolean, string>() } })
  const buggy = Buggy.implement({
    run: (_, isBroken) => {
      if (isBroken) throw new TypeError('a bug')
      return 'well'
    },
  })
  const cluster = await startCluster({ register: [buggy] })
  const one = cluster.client(Buggy).get('1')

  for (let round = 0; round < 5; round += 1) {
    await expect(one.run(true)).rejects.toThrow('a bug')
    expect(await one.run(false)).toBe('well')
  }

  expect(cluster.clock.monotonic()).toBe(0)
})

it('keeps an entity as it is after an ordinary error', async () => {
  let activations = 0
  const cluster = await startCluster({
    register: [
      Account.implement(
        {
          deposit: ({ state }, amount) => (state.balance += amount),
          withdraw: () => {
            throw new Error('closed on Sundays')
          },
          audit: () => '',
        },
        { onActivate: () => void (activations += 1) },
      ),
    ],
  })
  const one = cluster.client(Account).get('1')

  await expect(one.withdraw(1)).rejects.toThrow('closed on Sundays')
  expect(await one.deposit(1)).toBe(1)

  expect(activations).toBe(1)
})

it('brings a declared error through another entity', async () => {
  const Bank = defineEntity('Bank', { methods: { pay: rpc<number, number>() } })
  const bank = Bank.implement({ pay: ({ client }, amount) => client(Account).get('1').withdraw(amount) })
  const cluster = await startCluster({ register: [account, bank], runners: 3 })

  await expect(cluster.client(Bank).get('b').pay(3)).rejects.toMatchObject({
    message: expect.stringContaining('Insufficient'),
  })
})

it('says what cannot be encoded', async () => {
  const Odd = defineEntity('Odd', { methods: { take: rpc<unknown, unknown>() } })
  const odd = Odd.implement({ take: (_, value) => (value === 'give' ? (): void => {} : value) })
  const cluster = await startCluster({ register: [odd] })
  const one = cluster.client(Odd).get('1')

  await expect(one.take(() => {})).rejects.toMatchObject({ code: 'CODEC' })
  await expect(one.take('give')).rejects.toMatchObject({ message: expect.stringContaining('output') })
  expect(await one.take('this')).toBe('this')
})

it('refuses an input that is too large', async () => {
  const Odd = defineEntity('Odd', { methods: { take: rpc<string, number>() } })
  const odd = Odd.implement({ take: (_, text) => text.length })
  const cluster = await startCluster({ register: [odd], config: { maxPayloadBytes: 2048 } })

  await expect(cluster.client(Odd).get('1').take('x'.repeat(3000))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  expect(await cluster.client(Odd).get('1').take('x'.repeat(1000))).toBe(1000)
})

it('refuses an output that is too large', async () => {
  const Odd = defineEntity('Odd', { methods: { make: rpc<number, string>() } })
  const odd = Odd.implement({ make: (_, length) => 'x'.repeat(length) })
  const cluster = await startCluster({ register: [odd], config: { maxPayloadBytes: 2048 } })

  await expect(cluster.client(Odd).get('1').make(3000)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
})

it('lets a handler do nothing any more once it has ended', async () => {
  const door = gate()
  const late: Promise<unknown>[] = []
  const Hasty = defineEntity('Hasty', { methods: { run: rpc() } })
  const hasty = Hasty.implement({
    run: ({ client }) => {
      late.push(failureOf(door.opened.then(() => client(Account).get('1').deposit(5))))
    },
  })
  const cluster = await startCluster({ register: [account, hasty], runners: 2 })

  await cluster.client(Hasty).get('h').run()
  door.open()

  expect(await late[0]).toMatchObject({ code: 'INTERRUPTED', outcome: 'not-started' })
  expect(await cluster.client(Account).get('1').deposit(1)).toBe(1)
})

const Front = defineEntity('Front', { methods: { ask: rpc<string, string>({ persisted: true }) } })
const front = Front.implement({ ask: ({ client }, what) => client(Account).get('1').audit(what) })

it('answers the caller of a stored call at once when a call that its handler made has failed', async () => {
  const cluster = await startCluster({ register: [account, front], runners: 3 })

  await expect(cluster.client(Front).get('f').ask('error')).rejects.toMatchObject({
    code: 'REMOTE',
    message: expect.stringContaining('no auditor'),
  })
  await expect(cluster.client(Front).get('f').ask('declared')).rejects.toMatchObject({ remoteName: 'Closed' })
})

it('brings no entity into memory for a shard that was lost while it waited to be made anew', async () => {
  const lives: string[] = []
  const Buggy = defineEntity('Buggy', { state: () => ({}), methods: { run: rpc() } })
  const buggy = Buggy.implement(
    {
      run: () => {
        throw new TypeError('a bug')
      },
    },
    { onActivate: ({ epoch }) => void lives.push(`life under ${epoch}`) },
  )
  const cluster = await startCluster({
    register: [buggy],
    runners: 1,
    config: { initialBackoff: '30s', maxBackoff: '30s' },
  })
  const [owner] = cluster.runners
  const fail = (): Promise<unknown> => failureOf(cluster.client(Buggy).get('a').run(undefined, { timeout: '1s' }))
  for (let round = 0; round < 3; round += 1) await cluster.settled(fail())
  expect(lives).toEqual(['life under 1', 'life under 1'])

  cluster.partition(owner!, 'registry')
  await cluster.clock.advance('1 minute')

  expect(lives).toHaveLength(2)
})

it('answers every one of many calls while their entity fails with defects again and again', async () => {
  const Slow = defineEntity('Slow', {
    state: () => ({ n: 0 }),
    methods: { ask: rpc<number, number>(), add: activity<void, number>() },
  })
  const slow = Slow.implement({
    ask: (_, n) => {
      if (n % 10 === 0) throw new TypeError('a bug')
      return n
    },
    add: ({ state }) => (state.n += 1),
  })
  const cluster = await startCluster({ register: [slow], runners: 2 })
  const one = cluster.client(Slow).get('a')

  const calls = Array.from({ length: 100 }, (_, n) => failureOf(n % 3 === 0 ? one.add() : one.ask(n)))
  const failures = await cluster.settled(Promise.all(calls))

  expect(failures.filter((failure) => failure !== undefined && !(failure as Error).message.includes('a bug'))).toEqual(
    [],
  )
  expect(await cluster.settled(one.add())).toBe(35)
})
