import { Dice } from '@cruster/testing'
import { expect, it } from 'vitest'
import { drawFault } from '../src/faults/draw-fault.ts'
import { describeFault, faultKinds } from '../src/faults/fault.ts'

const among = { kinds: faultKinds, runners: 3, clients: 2 }
const draw = (seed: number, count: number): readonly string[] => {
  const dice = new Dice(seed)
  return Array.from({ length: count }, () => describeFault(drawFault(dice, among)))
}

it('is the same for the same seed, and another for another', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50))
  expect(draw(7, 50)).not.toEqual(draw(8, 50))
})

it('has faults of every kind, and of those that are wanted only', () => {
  const dice = new Dice(1)
  const kinds = Array.from({ length: 500 }, () => drawFault(dice, among).kind)
  expect(new Set(kinds)).toEqual(new Set(faultKinds))
  const few = Array.from({ length: 50 }, () => drawFault(dice, { ...among, kinds: ['kill', 'cut'] }).kind)
  expect(new Set(few)).toEqual(new Set(['kill', 'cut']))
})

it('hits runners and clients that there are', () => {
  const dice = new Dice(2)
  for (let index = 0; index < 500; index++) {
    const { kind, target } = drawFault(dice, among)
    expect(target).toBeGreaterThanOrEqual(0)
    expect(target).toBeLessThan(kind === 'kill client' ? 2 : 3)
  }
})
