import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const shape = z.record(z.string(), z.string())

/** Remembers who the user is, for each server. */
export class MemoryFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  playerAt(url: string): string | undefined {
    return this.#read()[url]
  }

  remember(url: string, playerId: string): void {
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(this.#path, `${JSON.stringify({ ...this.#read(), [url]: playerId }, undefined, 2)}\n`)
  }

  #read(): Readonly<Record<string, string>> {
    try {
      return shape.parse(JSON.parse(readFileSync(this.#path, 'utf8')))
    } catch {
      // There is none yet, or it is not ours: nobody is remembered.
      return {}
    }
  }
}
