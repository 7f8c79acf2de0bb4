/** An answer of the application. */
export interface Answer {
  readonly status: number
  /** As it was sent. */
  readonly text: string
  readonly json: unknown
}

/** Calls one address of the application. */
export class Api {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async get(path: string): Promise<Answer> {
    return this.#call('GET', path)
  }

  async delete(path: string): Promise<Answer> {
    return this.#call('DELETE', path)
  }

  /** @param body - sent as JSON; nothing is sent when it is left out */
  async post(path: string, body?: unknown): Promise<Answer> {
    return this.#call('POST', path, body === undefined ? undefined : JSON.stringify(body))
  }

  async postText(path: string, text: string): Promise<Answer> {
    return this.#call('POST', path, text)
  }

  /** The JSON of an answer that must be a success. */
  async read(path: string): Promise<unknown> {
    const { status, json, text } = await this.get(path)
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`)
    return json
  }

  async #call(method: string, path: string, body?: string): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    return { status: response.status, text, json: JSON.parse(text) }
  }
}
