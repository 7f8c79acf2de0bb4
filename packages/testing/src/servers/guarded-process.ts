import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ConfigError } from '@cruster/core'

/**
 * Starts a program when told to, and at the end of its input kills it and removes a folder. The input ends with this process,
 * however that ends: nothing is left behind, also after SIGKILL.
 */
const guard = `
trap '' HUP INT TERM PIPE
exec 2>/dev/null
folder=$1; shift
while read -r order; do
  case $order in
    start) (trap - HUP INT TERM PIPE; exec "$@" >>"$folder/log" 2>&1 </dev/null) & pid=$!; echo "$pid" ;;
    kill) kill -9 "$pid"; wait "$pid"; pid=; echo killed ;;
  esac
done
[ -n "$pid" ] && kill -9 "$pid"
wait
rm -rf "$folder"
`

/** A server of a test, in a folder of its own. It does not outlive this process. */
export class GuardedProcess implements AsyncDisposable {
  readonly #guard: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  #pid: number | undefined

  /** @param folder - exists, and is removed at the end; the program's output goes to the file `log` in it */
  constructor(folder: string, command: readonly string[]) {
    // Detached, so that an interrupt from the keyboard reaches the tests alone, and they end it.
    this.#guard = spawn('sh', ['-c', guard, 'guard', folder, ...command], { detached: true })
    this.#answers = createInterface(this.#guard.stdout)[Symbol.asyncIterator]()
  }

  get pid(): number | undefined {
    return this.#pid
  }

  async start(): Promise<void> {
    this.#pid = Number(await this.#order('start'))
  }

  /** Ends it by SIGKILL. It can be started again. */
  async kill(): Promise<void> {
    await this.#order('kill')
    this.#pid = undefined
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#pid !== undefined) process.kill(this.#pid, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isOver = once(this.#guard, 'close')
    this.#guard.stdin.end()
    await isOver
  }

  async #order(order: string): Promise<string> {
    this.#guard.stdin.write(`${order}\n`)
    const { value, done } = await this.#answers.next()
    if (done === true) throw new ConfigError('The shell that guards a test server has ended. Run the tests again.')
    return value
  }
}
