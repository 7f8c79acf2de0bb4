import { activity, defineEntity, memory, shardId } from '@cruster/core'
import type { Operation, UnitResult } from '@cruster/core/ports'
import { expect, it } from 'vitest'
import { registerEntity } from '../../src/entity/registered-entity.ts'
import { StateCell } from '../../src/entity/state-cell.ts'
import type { EntityState } from '../../src/entity/state-record.ts'
import { runnerConfig } from '../../src/runner/runner-config.ts'

const address = { shard: shardId('default', 1), type: 'Counter', id: 'a' }
const applied: UnitResult = { kind: 'applied', sequences: [] }
const stale: UnitResult = { kind: 'stale', address }
const at = (count: number): EntityState => ({ '': { count } })

const persistedCounter = defineEntity('Counter', { state: () => ({ count: 0 }), methods: { add: activity() } })
const memoryCounter = defineEntity('Counter', { state: memory(() => ({ count: 0 })), methods: { add: activity() } })

/** A cell whose batches the test answers, one after the other. */
class Scene {
  readonly batches: (readonly (readonly Operation[])[])[] = []
  readonly cell: StateCell
  readonly #answers: { resolve: (results: readonly UnitResult[]) => void; reject: (error: unknown) => void }[] = []

  constructor(contract: typeof persistedCounter | typeof memoryCounter = persistedCounter) {
    const entity = registerEntity(contract.implement({ add: () => {} }), undefined, runnerConfig())
    const commitUnits = (units: readonly (readonly Operation[])[]): Promise<readonly UnitResult[]> => {
      this.batches.push(units)
      return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }))
    }
    this.cell = new StateCell({ entity, address, host: { commit: commitUnits } }, { value: at(0), version: 4 })
  }

  /** Answers the oldest batch that is not answered. */
  async answer(...results: readonly UnitResult[]): Promise<void> {
    this.#answers.shift()?.resolve(results)
    await settle()
  }

  async fail(error: unknown): Promise<void> {
    this.#answers.shift()?.reject(error)
    await settle()
  }

  /** What each unit of a batch says about the state: kind and version. */
  told(batch: number): readonly (string | undefined)[] {
    return (this.batches[batch] ?? []).map(([first]) =>
      first?.kind === 'putState' || first?.kind === 'expectState' ? `${first.kind} ${first.version}` : undefined,
    )
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('C1 shows a state to nobody but activities before it is committed', async () => {
  const scene = new Scene()
  void scene.cell.submit(at(1), [])

  expect(scene.cell.working.value).toEqual(at(1))
  expect(scene.cell.committed.value).toEqual(at(0))
  await scene.answer(applied)

  expect(scene.cell.committed).toEqual({ value: at(1), version: 5 })
})

it('C2 says on which state each unit was built', async () => {
  const scene = new Scene()
  const { cell } = scene

  void cell.submit(at(1), [])
  void cell.submit(at(2), [])
  void cell.submit(cell.working.value, [])
  await scene.answer(applied)

  expect(scene.told(0)).toEqual(['putState 5'])
  expect(scene.told(1)).toEqual(['putState 6', 'expectState 6'])
})

it('C2 says nothing about a state that is committed and was not changed', async () => {
  const scene = new Scene()

  void scene.cell.submit(scene.cell.working.value, [])

  expect(scene.told(0)).toEqual([undefined])
})

it('C3 hands batches to storage one at a time, each with what has come meanwhile', async () => {
  const scene = new Scene()
  const log: string[] = []
  for (const count of [1, 2, 3]) void scene.cell.submit(at(count), []).then(({ kind }) => log.push(`${count} ${kind}`))

  expect(scene.batches.map((batch) => batch.length)).toEqual([1])
  await scene.answer(applied)
  expect(scene.batches.map((batch) => batch.length)).toEqual([1, 2])
  await scene.answer(applied, stale)

  expect(log).toEqual(['1 applied', '2 applied', '3 stale'])
  expect(scene.cell.committed).toEqual({ value: at(2), version: 6 })
})

it('tells every unit of a batch when storage fails, and goes on', async () => {
  const scene = new Scene()
  const outcomes = [1, 2].map((count) => scene.cell.submit(at(count), []).catch((error: unknown) => error))
  const failure = new Error('no disk')

  await scene.fail(failure)
  await scene.fail(failure)

  expect(await Promise.all(outcomes)).toEqual([failure, failure])
  expect(scene.cell.isSettled).toBe(true)
  expect(scene.cell.committed.version).toBe(4)
})

it('starts over from what is stored', async () => {
  const scene = new Scene()
  const lost = scene.cell.submit(at(1), []).catch(() => 'lost')
  await scene.fail(new Error('no disk'))
  await lost

  scene.cell.reload({ value: at(7), version: 9 })
  void scene.cell.submit(at(8), [])

  expect(scene.cell.committed.value).toEqual(at(7))
  expect(scene.told(1)).toEqual(['putState 10'])
})

it('resolves when nothing is under way', async () => {
  const scene = new Scene()
  let isSettled = false
  await scene.cell.settled()
  void scene.cell.submit(at(1), [])
  void scene.cell.submit(at(2), [])
  void scene.cell.settled().then(() => (isSettled = true))

  await scene.answer(applied)
  expect(isSettled).toBe(false)
  await scene.answer(applied)

  expect(isSettled).toBe(true)
})

it('keeps a state in memory out of storage', async () => {
  const scene = new Scene(memoryCounter)

  void scene.cell.submit(at(1), [])
  await scene.answer(applied)

  expect(scene.told(0)).toEqual([undefined])
  expect(scene.cell.committed.value).toEqual(at(1))
})

it('tells watchers each committed state once', async () => {
  const scene = new Scene()
  const iterator = scene.cell.changes.read(at(0), new AbortController().signal)[Symbol.asyncIterator]()

  void scene.cell.submit(at(1), [])
  await scene.answer(applied)
  void scene.cell.submit(scene.cell.working.value, [])
  await scene.answer(applied)
  scene.cell.publish(scene.cell.stage(at(2)).after)
  scene.cell.changes.end()

  const seen: unknown[] = []
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) seen.push(next.value)
  expect(seen).toEqual([at(0), at(1), at(2)])
})
