/** W3C `traceparent` of the span that caused a message. Crosses the wire and storage with it. */
export type TraceContext = string

/** What is known of a span when it starts. */
export interface SpanOptions {
  readonly kind: 'client' | 'server' | 'internal'
  readonly parent?: TraceContext | undefined
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

/** A stretch of work in a trace, from its start to {@link Span.end}. */
export interface Span {
  /** What to hand to the next hop; undefined when nothing is recorded. */
  readonly context: TraceContext | undefined
  /** Ends the span, with the error that ended it if there was one. */
  end(error?: unknown): void
}

/** Opens spans. Never throws. A tracer that records nothing costs nothing. */
export interface Tracer {
  start(name: string, options: SpanOptions): Span
}
