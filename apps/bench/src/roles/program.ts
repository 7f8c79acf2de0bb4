import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program of this folder that runs in a process of its own and has said that it is ready. */
export interface Program extends AsyncDisposable {
  readonly process: ChildProcess
  /** What it said when it was ready. */
  readonly greeting: unknown
  /** Resolves when it is over, however it ends. */
  readonly ended: Promise<void>
}

/**
 * Starts a program of this folder with one argument, as JSON, and waits for its first message. It gets SIGTERM when it is
 * disposed.
 *
 * @throws Error when it ends before it is ready. What it prints goes to this process's standard error.
 */
export async function startProgram(
  name: 'measure' | 'runner' | 'echo-server' | 'sleepers' | 'resting' | 'crowd',
  argument: unknown,
  nodeOptions: readonly string[] = [],
): Promise<Program> {
  // From sources when this process runs from sources, else as built.
  const path = fileURLToPath(import.meta.resolve(`@cruster/bench/roles/${name}`))
  const child = spawn(process.execPath, [...process.execArgv, ...nodeOptions, path, JSON.stringify(argument)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [greeting] = await Promise.race([once(child, 'message'), ended.then(tooEarly(name))])
  return {
    process: child,
    greeting,
    ended: ended.then(() => undefined),
    [Symbol.asyncDispose]: () => end(child),
  }
}

/** The argument that {@link startProgram} was called with. */
export function givenArgument(): unknown {
  return JSON.parse(process.argv[2] ?? 'null')
}

/** Tells the parent that this program is ready, or what it came to. */
export function tell(message: unknown): void {
  process.send?.(message)
}

/** Resolves when the parent wants this program to end, or is gone. */
export async function untilTold(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'disconnect')])
  // An open channel would keep the process.
  if (process.connected) process.disconnect()
}

function tooEarly(name: string): (exit: unknown[]) => never {
  return ([code, signal]) => {
    throw new Error(`${name} ended before it was ready (${String(code ?? signal)}).`)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const isOver = once(child, 'exit')
  child.kill('SIGTERM')
  await isOver
}
