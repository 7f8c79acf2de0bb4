import { decode, decodeExit, encode, encodeExit, requestDigest, requestId } from '@cruster/core'
import type { JournalEntry, RecordedEvent, Started, Step, StepKind } from '../../src/journal/journal-entry.ts'
import type { Awaited, Operation, OperationEnd } from '../../src/replay/operation.ts'
import type { Delivery } from '../../src/replay/replay.ts'
import { Replay } from '../../src/replay/replay.ts'

/** The start that all scripted journals have. */
export const started: Started = {
  kind: 'started',
  version: 1,
  run: 1,
  input: encode(undefined),
  digest: new Uint8Array(16),
  at: 0,
  parents: [],
  carried: [],
  handled: [],
}

export const success = (value: unknown): Uint8Array => encodeExit({ kind: 'success', value: encode(value) })

/** What a scripted body works with. */
export interface Script {
  readonly replay: Replay<undefined>
  /** What the body has seen, in order. */
  readonly trace: string[]
  step(name: string, input?: unknown, kind?: StepKind): Promise<unknown>
  wait(kind: 'signal' | 'deferred' | 'sleep', name: string): Promise<unknown>
  value(kind: StepKind, make: () => unknown): unknown
}

export type Body = (script: Script) => Promise<unknown>

let messages = 0

/** A body over a journal, with a shell that the test plays. */
export class ScriptedRun {
  readonly replay: Replay<undefined>
  readonly trace: string[] = []
  readonly journal: JournalEntry[]
  ended: { readonly value?: unknown; readonly error?: unknown } | undefined

  constructor(body: Body, journal: readonly JournalEntry[] = [started]) {
    this.journal = [...journal]
    this.replay = new Replay('Workflow/Test/1', this.journal, () => {})
    const script: Script = {
      replay: this.replay,
      trace: this.trace,
      step: (name, input, kind = 'activity') => this.#ask({ kind, name, input }),
      wait: (kind, name) => this.#ask({ kind, name, input: undefined }, kind === 'sleep' ? undefined : { kind, name }),
      value: (kind, make) => {
        const value = decode(this.replay.value({ kind, name: '', digest: undefined, make: () => encode(make()) }))
        this.trace.push(`${kind} ${JSON.stringify(value)}`)
        return value
      },
    }
    void this.#run(body, script)
  }

  get open(): readonly Operation<undefined>[] {
    return [...this.replay.open]
  }

  /** Lets the body run, and delivers everything that is recorded. */
  async advance(): Promise<Delivery> {
    await quiet()
    for (;;) {
      const delivery = this.replay.deliver()
      if (delivery === 'woke') await quiet()
      else if (delivery !== 'passed') return delivery
    }
  }

  /** Delivers one entry. */
  async deliverOne(): Promise<Delivery> {
    const delivery = this.replay.deliver()
    await quiet()
    return delivery
  }

  done(step: number, value: unknown): void {
    const operation = this.#operation(step)
    this.replay.append({ ...of(operation), kind: 'done', exit: success(value), attempts: 1, at: 0 })
  }

  waiting(step: number): void {
    const operation = this.#operation(step)
    this.replay.append({ ...of(operation), kind: 'waiting', dueAt: 1, timer: requestId(`t${step}`), child: undefined })
  }

  event(event: RecordedEvent): void {
    messages += 1
    this.replay.append({ kind: 'event', message: requestId(`m${messages}`), event, at: 0 })
  }

  #operation(step: number): Operation<undefined> {
    const operation = this.replay.operation(step)
    if (operation === undefined) throw new Error(`Step ${step} was not asked for.`)
    return operation
  }

  #ask({ kind, name, input }: { kind: StepKind; name: string; input: unknown }, awaits?: Awaited): Promise<unknown> {
    const digest = requestDigest(`${kind} ${name}`, encode(input))
    return new Promise((resolve, reject) => {
      const end = (ending: OperationEnd): void => {
        const text = textOf(ending)
        this.trace.push(`${kind} ${name} ${text}`)
        if (ending.kind === 'cancelled') reject(new Error('cancelled'))
        else resolve(ending.kind === 'exit' ? valueOf(ending.exit) : undefined)
      }
      this.trace.push(`ask ${kind} ${name}`)
      this.replay.ask({ kind, name, digest, awaits, task: undefined, end })
    })
  }

  async #run(body: Body, script: Script): Promise<void> {
    try {
      this.ended = { value: await body(script) }
    } catch (error) {
      this.ended = { error }
    }
  }
}

function textOf(end: OperationEnd): string {
  return end.kind === 'exit' ? `gave ${JSON.stringify(valueOf(end.exit))}` : end.kind
}

function valueOf(exit: Uint8Array): unknown {
  const decoded = decodeExit(exit)
  return decoded.kind === 'success' ? decode(decoded.value) : decoded.error.message
}

function of({ step, kind, name, digest }: Step) {
  return { step, of: kind, name, digest }
}

/** Until no microtask is left. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
