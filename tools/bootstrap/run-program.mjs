import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { inRepository } from './places.mjs'

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** One press of Ctrl-C can arrive from the terminal and from npm. */
const sameSignalMs = 500

/**
 * Runs a program in the foreground until it ends and answers its exit code.
 *
 * The program gets a process group of its own and every signal exactly once, from here; so it can end gracefully whether the
 * signal came from the terminal, from npm or from a supervisor, and none of its children outlives it unnoticed. When whoever
 * started this process dies without a word, the program is told to end as well.
 *
 * @param {string[]} command
 * @param {{ cwd?: string }} options
 * @returns {Promise<number>}
 */
export async function runProgram([program = '', ...args], { cwd = inRepository('') } = {}) {
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
  })
  const stopForwarding = forwardSignals(child)
  const stopWatching = watchParent(() => signalGroup(child, 'SIGTERM'))
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => {
        console.error(`cruster: ${program} could not be started: ${error.message}`)
        resolve(127)
      })
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])))
    })
  } finally {
    stopForwarding()
    stopWatching()
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  /** @type {Map<string, number>} */
  const lastAt = new Map()
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const now = performance.now()
    if (now - (lastAt.get(signal) ?? -Infinity) < sameSignalMs) return
    lastAt.set(signal, now)
    signalGroup(child, signal)
  }
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
  }
}

/** @param {() => void} onGone */
function watchParent(onGone) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, 500)
  return () => clearInterval(timer)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') child.kill(signal)
  else process.kill(-child.pid, signal)
}
