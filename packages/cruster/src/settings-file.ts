import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '@cruster/core'
import type { ClusterSettings } from '@cruster/core/ports'

/**
 * The settings that a folder was first used with. Stored messages wait in shards, so with other settings they would wait
 * where nobody looks.
 */
export class SettingsFile {
  readonly #file: string
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    this.#file = join(folder, 'settings.json')
  }

  /**
   * Undefined when there is none yet.
   *
   * @throws ConfigError when the file holds something else.
   */
  async read(): Promise<ClusterSettings | undefined> {
    const text = await readFile(this.#file, 'utf8').catch(ignoreMissing)
    if (text === undefined) return undefined
    const settings = parse(text)
    if (settings !== undefined) return settings
    throw new ConfigError(`${this.#file} does not hold the settings of a cluster. Restore it, or use another folder.`)
  }

  async write(settings: ClusterSettings): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const draft = `${this.#file}.new`
    await writeFile(draft, `${JSON.stringify(settings)}\n`)
    await rename(draft, this.#file)
  }
}

function parse(text: string): ClusterSettings | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isSettings(value) ? value : undefined
  } catch {
    // Not JSON: the caller says so.
    return undefined
  }
}

function isSettings(value: unknown): value is ClusterSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((setting) => typeof setting === 'string' || typeof setting === 'number')
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
