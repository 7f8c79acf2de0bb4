import { SeededRandom } from '@cruster/core/memory'
import type { Body, Script } from './scripted-run.ts'

/** A program of durable operations that a seed decides. */
export type Program =
  | { readonly kind: 'step'; readonly name: string; readonly input: number }
  | { readonly kind: 'sleep' }
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'value'; readonly of: 'now' | 'random' | 'uuid' }
  | { readonly kind: 'branch'; readonly even: readonly Program[]; readonly odd: readonly Program[] }
  | { readonly kind: 'all' | 'race'; readonly branches: readonly (readonly Program[])[] }
  | { readonly kind: 'repeat'; readonly times: number; readonly body: readonly Program[] }

export class Dice {
  readonly #random: SeededRandom

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random.next() * limit)
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}

export function randomProgram(dice: Dice, depth = 2): readonly Program[] {
  return Array.from({ length: 1 + dice.below(4) }, () => randomPart(dice, depth))
}

function randomPart(dice: Dice, depth: number): Program {
  const inner = (): readonly Program[] => randomProgram(dice, depth - 1)
  const kind = dice.below(depth > 0 ? 9 : 5)
  if (kind < 2) return { kind: 'step', name: dice.pick(['charge', 'ship', 'mail']), input: dice.below(3) }
  if (kind === 2) return { kind: 'sleep' }
  if (kind === 3) return { kind: 'signal', name: dice.pick(['go', 'stop']) }
  if (kind === 4) return { kind: 'value', of: dice.pick(['now', 'random', 'uuid']) }
  if (kind === 5) return { kind: 'branch', even: inner(), odd: inner() }
  if (kind === 6) return { kind: 'repeat', times: 1 + dice.below(3), body: inner() }
  return { kind: kind === 7 ? 'all' : 'race', branches: [inner(), inner()] }
}

/** The body that does a program; what it returns depends on all that it was given. */
export function bodyOf(program: readonly Program[]): Body {
  return async (script) => {
    const got: unknown[] = []
    await run(script, program, got)
    return got
  }
}

let clock = 0

async function run(script: Script, program: readonly Program[], got: unknown[]): Promise<void> {
  for (const part of program) await (isLeaf(part) ? runLeaf(script, part, got) : runInner(script, part, got))
}

type Leaf = Extract<Program, { kind: 'step' | 'sleep' | 'signal' | 'value' }>

function isLeaf(program: Program): program is Leaf {
  return ['step', 'sleep', 'signal', 'value'].includes(program.kind)
}

async function runLeaf(script: Script, leaf: Leaf, got: unknown[]): Promise<void> {
  switch (leaf.kind) {
    case 'step':
      got.push(await script.step(leaf.name, leaf.input))
      break
    case 'sleep':
      got.push(await script.wait('sleep', ''))
      break
    case 'signal':
      got.push(await script.wait('signal', leaf.name))
      break
    case 'value':
      got.push(script.value(leaf.of, () => (clock += 1)))
  }
}

async function runInner(script: Script, program: Exclude<Program, Leaf>, got: unknown[]): Promise<void> {
  switch (program.kind) {
    case 'branch':
      return run(script, Number(got.at(-1) ?? 0) % 2 === 0 ? program.even : program.odd, got)
    case 'repeat':
      for (let time = 0; time < program.times; time += 1) await run(script, program.body, got)
      return undefined
    case 'all':
      await Promise.all(program.branches.map((branch) => run(script, branch, got)))
      return undefined
    case 'race':
      return Promise.race(program.branches.map((branch) => run(script, branch, got)))
  }
}
