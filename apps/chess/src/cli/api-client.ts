import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { WebSocket } from 'ws'
import { CliError } from './cli-error.ts'

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** Pauses before another attempt when a server is away. */
const retryMs = [200, 500, 1000, 2000]

/** Answers that mean: it was not done, and may be possible in a moment. */
const unavailable = new Set([502, 503])

/** The HTTP interface of the server, with the answers checked. */
export class ApiClient {
  readonly #url: string

  /** @param url - without a slash at the end */
  constructor(url: string) {
    this.#url = url
  }

  get<Answer>(path: string, answer: z.ZodType<Answer>): Promise<Answer> {
    return this.#send('GET', path, { answer })
  }

  /** Every attempt has the same key, so that a move is played once, however often it is sent. */
  post<Answer>(path: string, body: object, answer: z.ZodType<Answer>): Promise<Answer> {
    return this.#send('POST', path, { body, answer })
  }

  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path, { answer: z.unknown() })
  }

  /** What a WebSocket says, value by value, until it says that this was all. Connects again when it breaks. */
  async *listen<Event>(path: string, event: z.ZodType<Event>): AsyncGenerator<Event> {
    for (;;) {
      const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/api/v1${path}`)
      const messages = new SocketMessages(socket)
      for await (const text of messages) {
        const parsed = event.safeParse(JSON.parse(text))
        // Kinds of events that this version does not know are passed over.
        if (parsed.success) yield parsed.data
      }
      if (messages.isComplete) return
      await pause(retryMs[1])
    }
  }

  async #send<Answer>(
    method: string,
    path: string,
    { body, answer }: { body?: object; answer: z.ZodType<Answer> },
  ): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() }
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    for (const waitMs of [...retryMs, undefined]) {
      const response = await fetch(`${this.#url}/api/v1${path}`, init).catch(() => undefined)
      const isAway = response === undefined || unavailable.has(response.status)
      if (isAway && waitMs !== undefined) await pause(waitMs)
      else if (response === undefined) throw new CliError(`There is no server at ${this.#url}.`)
      else return this.#read(response, answer)
    }
    throw new CliError(`There is no server at ${this.#url}.`)
  }

  async #read<Answer>(response: Response, answer: z.ZodType<Answer>): Promise<Answer> {
    const text = await response.text()
    const json: unknown = text === '' ? undefined : jsonOf(text)
    if (!response.ok) {
      const told = refusal.safeParse(json)
      const { code, message } = told.success ? told.data.error : { code: response.status, message: text.slice(0, 200) }
      throw new CliError(`${code}: ${message}`)
    }
    const parsed = answer.safeParse(json)
    if (parsed.success) return parsed.data
    throw new CliError(`The server at ${this.#url} answers what this program does not understand.`)
  }
}

/** Messages of one WebSocket, in order. */
class SocketMessages implements AsyncIterable<string> {
  /** Whether the server has said everything. */
  isComplete = false
  readonly #arrived: string[] = []
  #isOver = false
  #wake = (): void => {}

  constructor(socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.#arrived.push(data.toString('utf8'))
      this.#wake()
    })
    // `close` follows.
    socket.on('error', () => {})
    socket.on('close', (code) => {
      this.isComplete = code === 1000
      this.#isOver = true
      this.#wake()
    })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const next = this.#arrived.shift()
      if (next !== undefined) yield next
      else if (this.#isOver) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not from the server, perhaps from a proxy.
    return undefined
  }
}

async function pause(ms = 0): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
