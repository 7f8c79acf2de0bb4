/** The lines that a program says it prints: `// → value` behind a `console.log` or on a line of its own. */
export function expectedOutput(code: string): readonly string[] {
  return code.split('\n').flatMap((line) => {
    const [before = '', value] = line.split(/\/\/ → ?/)
    const isExpectation = value !== undefined && (before.includes('console.log(') || before.trim() === '')
    return isExpectation ? [value.trimEnd()] : []
  })
}

/** The first expected line that is not printed in its place, undefined if all are. */
export function missingLine(expected: readonly string[], printed: string): string | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd())
  let from = 0
  for (const line of expected) {
    const at = lines.indexOf(line, from)
    if (at === -1) return line
    from = at + 1
  }
  return undefined
}
