import { ProgramProcess } from '../program/program-process.ts'
import type { LoadReport, LoadSettings } from './load-settings.ts'

const program = new URL('load-program.ts', import.meta.url)

/** A steady load on counters, made by a process of its own. */
export class LoadProcess implements AsyncDisposable {
  readonly #process: ProgramProcess

  private constructor(process: ProgramProcess) {
    this.#process = process
  }

  static async start(settings: LoadSettings): Promise<LoadProcess> {
    return new LoadProcess(await ProgramProcess.start(settings.name, program, settings))
  }

  /** How many calls were answered so far. */
  answered(): Promise<number> {
    return this.#process.ask('progress')
  }

  /** Lets the calls that are under way end, and makes no other. */
  finish(): Promise<LoadReport> {
    return this.#process.ask('finish')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }
}
