import { activity, defineEntity, rpc } from '@cruster/core'
import { expect, it } from 'vitest'
import { startCluster } from './start-cluster.ts'

const Vault = defineEntity('Vault', {
  state: () => ({ opened: 0 }),
  methods: {
    look: rpc<void, number>(),
    enter: activity<void, number>({ visibility: 'protected' }),
    unlock: activity<void, number>({ visibility: 'private' }),
    breakIn: rpc<void, number>(),
  },
})
const Guard = defineEntity('Guard', { methods: { open: rpc<string, unknown>() } })

const vault = Vault.implement({
  look: ({ state }) => state.opened,
  enter: ({ self }) => self.unlock(),
  unlock: ({ state }) => (state.opened += 1),
  breakIn: ({ self }) => self.unlock(),
})
const guard = Guard.implement({ open: ({ client }, method) => client(Vault).call('v', method) })

it('hides methods that are not public from clients', async () => {
  const cluster = await startCluster({ register: [vault, guard], runners: 2 })
  const vaults = cluster.client(Vault)

  expect(Object.keys(vaults.get('v'))).not.toContain('enter')
  await expect(vaults.call('v', 'enter')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
  await expect(vaults.call('v', 'unlock')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
  await expect(vaults.call('v', 'nothing')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })

  expect(await vaults.call('v', 'look')).toBe(0)
})

it('refuses at the owner what a client must not call', async () => {
  const Forged = defineEntity('Vault', {
    methods: { unlock: activity<void, number>(), enter: activity<void, number>() },
  })
  const cluster = await startCluster({ register: [vault, guard], runners: 2 })

  await expect(cluster.client(Forged).get('v').unlock()).rejects.toMatchObject({
    code: 'METHOD_NOT_FOUND',
    outcome: 'not-started',
  })
  await expect(cluster.client(Forged).get('v').enter()).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
  await expect(cluster.client(Forged).notify('v').unlock()).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
})

it('lets entities call what is protected, and nothing private', async () => {
  const cluster = await startCluster({ register: [vault, guard], runners: 2 })
  const one = cluster.client(Guard).get('g')

  expect(await one.open('enter')).toBe(1)
  await expect(one.open('unlock')).rejects.toThrow('unlock')
})

it('lets an entity call its own private activity from an rpc, for a commit of its own', async () => {
  const cluster = await startCluster({ register: [vault, guard], runners: 2 })

  expect(await cluster.client(Vault).get('v').breakIn()).toBe(1)
  expect(await cluster.client(Vault).get('v').look()).toBe(1)
})

it('does not run a stored message whose sender must not call the method, whatever he thinks of it', async () => {
  const Forged = defineEntity('Vault', { methods: { unlock: activity<void, number>() } })
  const cluster = await startCluster({ register: [vault, guard], runners: 1 })
  const { runner } = cluster.runners[0]!

  // A runner has storage, and stores the message itself.
  await runner.client(Forged).notify('v').unlock()
  await cluster.until('it is given up', async () => (await runner.deadLetters.list()).length === 1)

  expect(await cluster.client(Vault).get('v').look()).toBe(0)
  expect((await runner.deadLetters.list())[0]?.error.message).toContain('unlock')
})
