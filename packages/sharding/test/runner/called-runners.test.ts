import { expect, it } from 'vitest'
import { instanceId } from '@cruster/core'
import { applyEvents, emptyView } from '../../src/membership/cluster-view.ts'
import { CalledRunners } from '../../src/runner/called-runners.ts'
import { runnerInfo } from '../runner-info.ts'

const a = runnerInfo('a')
const b = runnerInfo('b')
const successor = { ...a, instanceId: instanceId('a-again') }
const viewOf = (...runners: readonly (typeof a)[]) =>
  applyEvents(
    emptyView,
    runners.map((runner) => ({ kind: 'runnerChanged', runner })),
  )

it('lets go of a runner that has left, once', () => {
  const called = new CalledRunners()
  called.note(a.address, viewOf(a, b))
  called.note(b.address, viewOf(a, b))

  expect(called.outdated(viewOf(a))).toEqual([b.address])
  expect(called.outdated(viewOf(a))).toEqual([])
})

it('lets go of a process that another has taken the address of, though nobody saw the address empty', () => {
  const called = new CalledRunners()
  called.note(a.address, viewOf(a))

  expect(called.outdated(viewOf(successor))).toEqual([a.address])
  called.note(a.address, viewOf(successor))
  expect(called.outdated(viewOf(successor))).toEqual([])
})

it('keeps a runner that it was told of before it knew it', () => {
  const called = new CalledRunners()
  called.note(a.address, viewOf())

  expect(called.outdated(viewOf(a))).toEqual([])
  expect(called.outdated(viewOf(successor))).toEqual([a.address])
})
