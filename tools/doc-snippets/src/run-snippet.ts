import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectedOutput, missingLine } from './expected-output.ts'
import type { Problem, Snippet } from './snippet.ts'
import { pathOf } from './workshop.ts'

const limitMs = 30_000

/** Runs a module in an empty folder and compares what it prints with what the page says. */
export async function runSnippet(snippet: Snippet): Promise<readonly Problem[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'cruster-docs-'))
  try {
    const { status, printed, errors } = await runModule(pathOf(snippet), cwd)
    if (status !== 'exit 0') return [problem(snippet, `ended with ${status}\n${printed}${errors}`)]
    const missing = missingLine(expectedOutput(snippet.code), printed)
    return missing === undefined ? [] : [problem(snippet, `did not print "${missing}" in its place, but:\n${printed}`)]
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

function problem({ page, line }: Snippet, message: string): Problem {
  return { page, line, message }
}

async function runModule(path: string, cwd: string): Promise<{ status: string; printed: string; errors: string }> {
  const child = spawn(process.execPath, ['--conditions=@cruster/source', path], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  })
  let printed = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const status = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve(signal === null ? `exit ${code}` : `${signal} (limit: ${limitMs} ms)`),
    )
  })
  return { status, printed, errors }
}
