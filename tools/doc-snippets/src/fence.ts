/** A fenced block of TypeScript on a page, with what its opening line asks for. */
export interface Fence {
  /** Line of the page on which the code begins, counted from 1. */
  readonly line: number
  readonly code: readonly string[]
  readonly continues: boolean
  readonly runs: boolean
  /** Name under which other blocks of the page import this one. */
  readonly file: string | undefined
  /** The text after `ignore:`, empty if there is none; undefined if the block is to be checked. */
  readonly ignored: string | undefined
  /** Words of the opening line that mean nothing. */
  readonly unknown: readonly string[]
}

/** Finds the blocks of TypeScript of a page in order. */
export function findFences(markdown: string): readonly Fence[] {
  const lines = markdown.split('\n')
  const fences: Fence[] = []
  for (let index = 0; index < lines.length; index++) {
    const opening = readOpening(lines[index])
    if (opening === undefined) continue
    const end = lines.findIndex((line, at) => at > index && line.trim() === opening.ticks)
    const code = lines.slice(index + 1, end === -1 ? undefined : end)
    if (opening.isTypeScript) fences.push(fenceOf(index + 2, code, opening))
    index += code.length + 1
  }
  return fences
}

interface Opening {
  readonly indent: string
  readonly ticks: string
  readonly isTypeScript: boolean
  readonly options: string
}

function readOpening(line = ''): Opening | undefined {
  const [, indent = '', ticks = '', language = '', options = ''] =
    /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/.exec(line) ?? []
  return ticks === '' ? undefined : { indent, ticks, isTypeScript: /^(ts|typescript)$/.test(language), options }
}

function fenceOf(line: number, lines: readonly string[], { indent, options }: Opening): Fence {
  return { line, code: lines.map((text) => withoutIndent(text, indent)), ...readOptions(options) }
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()
}

function readOptions(text: string): Omit<Fence, 'line' | 'code'> {
  const { before = text, reason } = /^(?<before>.*?)\bignore\b:?\s*(?<reason>.*)$/.exec(text)?.groups ?? {}
  const words = before.split(/\s+/).filter((word) => word !== '')
  const file = words.find((word) => word.startsWith('file='))?.slice('file='.length)
  const unknown = words.filter((word) => word !== 'run' && word !== 'continues' && !word.startsWith('file='))
  return { continues: words.includes('continues'), runs: words.includes('run'), file, ignored: reason, unknown }
}
