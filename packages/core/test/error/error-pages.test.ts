import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as core from '../../src/index.ts'

const folder = new URL('../../../../docs/errors/', import.meta.url)
const pageOf = (name: string): string => readFileSync(new URL(`${name}.md`, folder), 'utf8')

/** The classes that have a code, by code. */
const classes = Object.entries(core).flatMap(([className, value]) =>
  typeof value === 'function' && 'code' in value ? [{ className, code: value.code }] : [],
)
const codes = classes.map(({ code }) => code).toSorted()

describe('the pages about errors', () => {
  it('are one for each code', () => {
    const pages = readdirSync(folder).map((file) => file.replace(/\.md$/u, ''))

    expect(pages.filter((page) => page !== 'README').toSorted()).toEqual(codes)
  })

  it('are all in the table', () => {
    const listed = [...pageOf('README').matchAll(/^\| \[`(?<code>\w+)`\]\(\k<code>\.md\) +\| `(?<className>\w+)`/gmu)]

    expect(listed.map(({ groups }) => ({ ...groups })).toSorted(byCode)).toEqual(classes.toSorted(byCode))
  })

  it.each(classes)('$code answers the three questions', ({ code, className }) => {
    const [title, ...rest] = pageOf(code).split('\n')

    expect(title).toBe(`# ${code}`)
    expect(rest.join('\n')).toContain(`\`${className}\` of`)
    expect(rest.filter((line) => line.startsWith('## '))).toEqual([
      '## What happened',
      '## Can it have taken effect?',
      '## What to do',
    ])
  })
})

function byCode(one: { readonly code?: unknown }, other: { readonly code?: unknown }): number {
  return String(one.code) < String(other.code) ? -1 : 1
}
