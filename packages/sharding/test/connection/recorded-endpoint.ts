import type { Endpoint, OpenCall, ReplySink, Request } from '../../src/connection/endpoint.ts'

/** A call that the endpoint has taken: the test answers through its sink. */
export interface TakenCall {
  readonly request: Request
  readonly sink: ReplySink
}

/** Takes every request, answers nothing by itself, and remembers what callers did. */
export class RecordedEndpoint implements Endpoint {
  readonly calls: TakenCall[] = []
  readonly log: string[] = []

  open(request: Request, sink: ReplySink): OpenCall {
    const { id } = request
    this.calls.push({ request, sink })
    this.log.push(`open ${id}`)
    return {
      cancel: () => this.log.push(`cancel ${id}`),
      credit: (received, credit) => this.log.push(`credit ${id} ${received}+${credit}`),
      disconnect: () => this.log.push(`disconnect ${id}`),
    }
  }

  /** The sink of the call with this number, counted from 0. */
  sink(index: number): ReplySink {
    const call = this.calls[index]
    if (call === undefined) throw new Error(`call ${index} was not taken`)
    return call.sink
  }
}
