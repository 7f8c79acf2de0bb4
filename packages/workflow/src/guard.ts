import { AsyncLocalStorage } from 'node:async_hooks'
import { ConfigError } from '@cruster/core'
import { guardBodies } from './context/body-entrance.ts'

/** What is done about a body that asks the world instead of `ctx`. */
export interface GuardOptions {
  /** Called with the error in place of throwing it: to log it, and go on. */
  readonly report?: (error: ConfigError) => void
}

/** What a body may not call, what it finds it in, and what to use instead. */
interface Forbidden {
  readonly owner: object
  readonly name: string
  readonly text: string
  readonly remedy: string
}

const forbidden: readonly Forbidden[] = [
  { owner: Date, name: 'now', text: 'Date.now()', remedy: 'ctx.now()' },
  { owner: performance, name: 'now', text: 'performance.now()', remedy: 'ctx.now()' },
  { owner: Math, name: 'random', text: 'Math.random()', remedy: 'ctx.random()' },
  { owner: crypto, name: 'randomUUID', text: 'crypto.randomUUID()', remedy: 'ctx.uuid()' },
  { owner: crypto, name: 'getRandomValues', text: 'crypto.getRandomValues()', remedy: 'ctx.random() or ctx.uuid()' },
  { owner: globalThis, name: 'setTimeout', text: 'setTimeout()', remedy: 'ctx.sleep()' },
  { owner: globalThis, name: 'setInterval', text: 'setInterval()', remedy: 'a loop with ctx.sleep()' },
  { owner: globalThis, name: 'setImmediate', text: 'setImmediate()', remedy: 'a durable operation, or nothing' },
  { owner: globalThis, name: 'fetch', text: 'fetch()', remedy: 'an activity' },
]

/**
 * Watches the bodies of all workflows in this process, for tests and development: one that asks the clock, chance or the
 * network instead of `ctx`, and so would do something else when it runs again, fails with an error that says what to use.
 *
 * It replaces functions of the global object until it is disposed: `using guard = guardWorkflows()`. Activities, and everything
 * outside of workflows, can use them as before. Not for production: each call of them costs a little more.
 */
export function guardWorkflows({ report = fail }: GuardOptions = {}): Disposable {
  const bodies = new AsyncLocalStorage<string | undefined>()
  const check = (text: string, remedy: string): void => {
    const execution = bodies.getStore()
    if (execution === undefined) return
    const error = new ConfigError(
      `The body of ${execution} calls ${text}, which gives something else when the body runs again. Use ${remedy}.`,
    )
    bodies.run(undefined, () => {
      report(error)
    })
  }
  const undo = [
    guardBodies({
      enter: (execution, body) => bodies.run(execution, body),
      leave: (work) => bodies.run(undefined, work),
    }),
    ...forbidden.map((each) => guarded(each, check)),
    guardedDate(check),
  ]
  return {
    [Symbol.dispose]: () => {
      for (const restore of undo) restore()
    },
  }
}

function fail(error: ConfigError): never {
  throw error
}

type Check = (text: string, remedy: string) => void

/** Puts a check before a function. The returned function takes it away. */
function guarded({ owner, name, text, remedy }: Forbidden, check: Check): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  const original: unknown = Reflect.get(owner, name)
  if (typeof original !== 'function') return () => {}
  const value = new Proxy(original, {
    apply: (target, receiver, args) => {
      check(text, remedy)
      const result: unknown = Reflect.apply(target, receiver, args)
      return result
    },
  })
  Object.defineProperty(owner, name, { configurable: true, writable: true, value })
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name)
    else Object.defineProperty(owner, name, before)
  }
}

/** `new Date()` asks the clock; `new Date(value)` does not. */
function guardedDate(check: Check): () => void {
  const original = Date
  globalThis.Date = new Proxy(Date, {
    construct: (target, args: unknown[], newTarget) => {
      if (args.length === 0) check('new Date()', 'new Date(ctx.now())')
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever a Date makes is an object
      return Reflect.construct(target, args, newTarget) as object
    },
  })
  return () => {
    globalThis.Date = original
  }
}
