import { defineEntity, newestHashVersion, rpc } from '@cruster/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressOf } from '../../src/placement/shard-of.ts'

const placement = { hashVersion: newestHashVersion, shardsPerGroup: 300 }
const methods = { ping: rpc() }
const Plain = defineEntity('Plain', { methods })
const Other = defineEntity('Other', { methods, shardGroup: 'gpu' })
const Order = defineEntity('Order', { methods, colocateBy: (id) => id.split('/')[0] ?? '' })
const Customer = defineEntity('Customer', { methods, colocateBy: (id) => id })

it('keeps type and id, and names a shard of the group', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const address = addressOf(Other, id, placement)

      expect(address).toMatchObject({ type: 'Other', id })
      expect(address.shard).toMatch(/^gpu:(?:\d|[1-9]\d|[12]\d\d)$/u)
    }),
  )
})

it('puts entities with equal co-location keys on one shard, whatever their type', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\w+$/u), fc.string(), (customer, line) => {
      expect(addressOf(Order, `${customer}/${line}`, placement).shard).toBe(
        addressOf(Customer, customer, placement).shard,
      )
    }),
  )
})

it('spreads ids evenly', () => {
  const counts = new Map<string, number>()
  for (let index = 0; index < 30_000; index += 1) {
    const { shard } = addressOf(Plain, `user-${index}`, placement)
    counts.set(shard, (counts.get(shard) ?? 0) + 1)
  }

  expect(counts.size).toBe(300)
  expect(Math.max(...counts.values())).toBeLessThan(160)
  expect(Math.min(...counts.values())).toBeGreaterThan(55)
})
