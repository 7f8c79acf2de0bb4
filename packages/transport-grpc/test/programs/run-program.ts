import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a program from its sources to its end, and resolves with what it printed. */
export async function runProgram(program: URL): Promise<string> {
  // Node 22 warns that it reads TypeScript.
  const flags = ['--conditions=@cruster/source', '--disable-warning=ExperimentalWarning']
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, fileURLToPath(program)], {
    timeout: 10_000,
  })
  return stdout
}
