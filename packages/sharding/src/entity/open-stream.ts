import type { RequestId } from '@cruster/core'
import { Interrupted, RunnerUnavailable, decode, encode, encodeExit, validate } from '@cruster/core'
import type { OpenCall, ReplySink, Request } from '../connection/endpoint.ts'
import { StreamSource } from '../stream/stream-source.ts'
import type { EntityInstance } from './entity-instance.ts'
import { checkedOutput, encodeOutput } from './handler-output.ts'
import { Job } from './job.ts'
import { failureExit } from './recorded-outcome.ts'
import type { RegisteredMethod } from './registered-entity.ts'
import { Run } from './run.ts'
import { RunContext } from './run-context.ts'

const success = encodeExit({ kind: 'success', value: encode(undefined) })

/** A stream that an entity serves, and whoever reads it at the moment. */
export class OpenStream {
  readonly id: RequestId
  readonly #job: Job
  readonly #source: StreamSource
  readonly #instance: EntityInstance

  constructor(
    instance: EntityInstance,
    work: { readonly request: Request; readonly method: RegisteredMethod },
    onEnd: () => void,
  ) {
    const { clock, config } = instance.host.services
    this.id = work.request.id
    this.#instance = instance
    instance.streams += 1
    this.#job = new Job(work, () => undefined)
    this.#source = new StreamSource({
      values: streamValues(instance, this.#job),
      clock,
      resumeWithinMs: config.streamResumeWithinMs,
      firstSequence: work.request.resume?.received ?? 0,
      success,
      failure: failureExit,
      onEnd: () => {
        instance.streams -= 1
        this.#job.abort(new Interrupted(`stream ${this.id}`, { outcome: 'unknown' }))
        onEnd()
      },
    })
  }

  isOf(instance: EntityInstance): boolean {
    return this.#instance === instance
  }

  /** `lost` when the reader needs values that are not kept: the stream has to be opened anew. */
  attach(request: Request, sink: ReplySink): OpenCall | 'lost' {
    return this.#source.attach(sink, { received: request.resume?.received ?? 0, credit: request.credit ?? 0 })
  }

  /** Sends the reader to the next owner, and ends the stream here. */
  async move(): Promise<void> {
    const closed = this.#source.handOver(this.#job.address, undefined)
    this.#job.abort(new RunnerUnavailable('the former owner', { outcome: 'unknown' }))
    await closed
  }
}

async function* streamValues(instance: EntityInstance, job: Job): AsyncIterable<Uint8Array> {
  await instance.activated()
  const release = instance.hold()
  const { request } = job
  const run = new Run(instance, job)
  const method = run.handled
  try {
    const what = `${instance.entity.name}.${method.name}`
    const input = await validate(method.method.input, decode(request.payload), `the input of ${what}`)
    const context = new RunContext(run, method.part, resumption(request))
    const { maxPayloadBytes } = instance.host.services.config
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract says so of streams
    for await (const value of method.handler(context, input) as AsyncIterable<unknown>) {
      const checked = await checkedOutput(method.method, value, `a value of ${what}`)
      yield encodeOutput(checked, `a value of ${what}`, maxPayloadBytes)
    }
  } finally {
    await run.end()
    release()
  }
}

function resumption({ resume }: Request): { readonly received: number; readonly last: unknown } | undefined {
  if (resume === undefined || resume.received === 0) return undefined
  return { received: resume.received, last: resume.last === undefined ? undefined : decode(resume.last) }
}
