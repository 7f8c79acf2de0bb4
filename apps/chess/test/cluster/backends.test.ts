import { describe, expect, it } from 'vitest'
import { Backends } from '../../src/cluster/backends.ts'

const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, url: `http://${name}` })) as [Named, Named, Named]

interface Named {
  readonly name: string
  readonly url: string
}

function backendsOf(...all: Named[]) {
  let now = 0
  const backends = new Backends(() => now)
  for (const backend of all) backends.add(backend)
  const names = () =>
    backends
      .inTurn()
      .map(({ name }) => name)
      .join('')
  return { backends, names, pass: (ms: number) => (now += ms) }
}

describe('the processes behind one address', () => {
  it('take turns, and each is there for when the others fail', () => {
    const { names } = backendsOf(a, b, c)

    expect([names(), names(), names(), names()]).toEqual(['abc', 'bca', 'cab', 'abc'])
  })

  it('come last after a failure, for a second', () => {
    const { backends, names, pass } = backendsOf(a, b, c)
    backends.suspect(a)

    expect([names(), names(), names()]).toEqual(['bca', 'bca', 'cba'])
    pass(1001)
    expect(names()).toBe('abc')
  })

  it('are gone when they are removed', () => {
    const { backends, names } = backendsOf(a, b)
    backends.remove(a)

    expect([names(), names()]).toEqual(['b', 'b'])
    backends.remove(b)
    expect(names()).toBe('')
  })
})
