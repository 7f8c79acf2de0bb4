import { WebSocket } from 'ws'

/** What the server answered. */
export interface Answer {
  readonly status: number
  // Tests look into bodies freely; what they expect of them is what they test.
  readonly body: Readonly<Record<string, unknown>>
  readonly list: readonly Readonly<Record<string, unknown>>[]
}

/** A client of the HTTP interface, as another program would have it. */
export class ChessApiClient {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path)
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, {
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(headers && { headers }),
    })
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path)
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, { method, ...init })
    const text = await response.text()
    const json = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    return { status: response.status, body: json, list: Array.isArray(json) ? json : [] }
  }

  /** Registers a player and answers the id. */
  async player(username = 'somebody'): Promise<string> {
    return String((await this.post('/players', { username })).body['playerId'])
  }

  /** Starts a game between two new players. */
  async game(timeControl = '5+3'): Promise<{ gameId: string; white: string; black: string }> {
    const [white, black] = await Promise.all([this.player('White'), this.player('Black')])
    const { body } = await this.post('/games', { white, black, timeControl })
    return { gameId: String(body['gameId']), white, black }
  }

  /** Plays a UCI move. */
  move(...[gameId, playerId, move, key]: [string, string, string, string?]): Promise<Answer> {
    const headers = key === undefined ? undefined : { 'idempotency-key': key }
    return this.post(`/games/${gameId}/moves`, { playerId, move }, headers)
  }

  /** Opens a WebSocket. */
  listen(path: string): Promise<Listener> {
    return Listener.open(`${this.url.replace('http', 'ws')}/api/v1${path}`)
  }
}

type Message = Readonly<Record<string, unknown>>

/** An open WebSocket that keeps what came. */
export class Listener implements Disposable {
  readonly messages: Message[] = []
  readonly #socket: WebSocket
  #wake: () => void = () => undefined
  #closed: number | undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as Message)
      this.#wake()
    })
    socket.on('close', (code) => {
      this.#closed = code
      this.#wake()
    })
  }

  /** @throws with the HTTP status when the server refuses. */
  static async open(url: string): Promise<Listener> {
    const socket = new WebSocket(url)
    const listener = new Listener(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('unexpected-response', (_, response) => reject(new Error(`HTTP ${response.statusCode}`)))
      socket.once('error', reject)
    })
    return listener
  }

  /** Without the clocks, which come every second. */
  get types(): unknown[] {
    return this.messages.map(({ type }) => type).filter((type) => type !== 'clock')
  }

  /** Waits for a message of a type and answers it. */
  async until(type: string, count = 1): Promise<Message> {
    const found = (): Message | undefined => this.messages.filter((message) => message['type'] === type)[count - 1]
    while (found() === undefined) {
      if (this.#closed !== undefined)
        throw new Error(`closed with ${this.#closed} before ${type}; came: ${this.types.join(' ')}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return found()!
  }

  /** Waits for the end and answers its code. */
  async closed(): Promise<number> {
    while (this.#closed === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#closed
  }

  [Symbol.dispose](): void {
    this.#socket.terminate()
  }
}
