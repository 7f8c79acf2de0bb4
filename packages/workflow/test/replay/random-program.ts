import { SeededRandom } from '@cruster/core/memory'
import type { Body, Script } from './scripted-run.ts'

/** A program of durable operations that a seed decides. */
export type Program =
  | { readonly kind: 'step'; readonly name: string; readonly input: number }
  | { readonly kind: 'sleep' }
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'value'; readonly of: 'now' | 'random' | 'uuid' }
  | { readonly kind: 'branch'; readonly then: readonly Program[]; readonly otherwise: readonly Program[] }
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
  return Array.from({ length: 1 + dice.below(4) }, () => statement(dice, depth))
}

function statement(dice: Dice, depth: number): Program {
  const inner = (): readonly Program[] => randomProgram(dice, depth - 1)
  const kind = dice.below(depth > 0 ? 9 : 5)
  if (kind < 2) return { kind: 'step', name: dice.pick(['charge', 'ship', 'mail']), input: dice.below(3) }
  if (kind === 2) return { kind: 'sleep' }
  if (kind === 3) return { kind: 'signal', name: dice.pick(['go', 'stop']) }
  if (kind === 4) return { kind: 'value', of: dice.pick(['now', 'random', 'uuid']) }
  if (kind === 5) return { kind: 'branch', then: inner(), otherwise: inner() }
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
  for (const statement of program) {
    switch (statement.kind) {
      case 'step':
        got.push(await script.step(statement.name, statement.input))
        break
      case 'sleep':
        got.push(await script.wait('sleep', ''))
        break
      case 'signal':
        got.push(await script.wait('signal', statement.name))
        break
      case 'value':
        got.push(script.value(statement.of, () => (clock += 1)))
        break
      case 'branch':
        await run(script, Number(got.at(-1) ?? 0) % 2 === 0 ? statement.then : statement.otherwise, got)
        break
      case 'repeat':
        for (let time = 0; time < statement.times; time += 1) await run(script, statement.body, got)
        break
      case 'all':
      case 'race': {
        const branches = statement.branches.map((branch) => run(script, branch, got))
        await (statement.kind === 'all' ? Promise.all(branches) : Promise.race(branches))
        break
      }
    }
  }
}
