/** A relative link of a page. */
export interface PageLink {
  readonly line: number
  readonly text: string
  /** Path relative to the page, without an anchor. */
  readonly target: string
}

/** Finds the relative links of a page outside of fenced blocks. */
export function findLinks(markdown: string): readonly PageLink[] {
  let fence: string | undefined
  return markdown.split('\n').flatMap((text, index) => {
    const [ticks] = /^\s*(`{3,}|~{3,})/u.exec(text) ?? []
    if (ticks !== undefined) fence = closes(fence, text) ? undefined : (fence ?? ticks.trim())
    return fence === undefined && ticks === undefined ? linksOf(text, index + 1) : []
  })
}

function closes(fence: string | undefined, line: string): boolean {
  return fence !== undefined && line.trim() === fence
}

function linksOf(text: string, line: number): readonly PageLink[] {
  // A code span may show how a link is written; the text of a link may be one.
  const prose = text.replace(/`[^`]*\]\([^`]*`/gu, '')
  return [...prose.matchAll(/\[(?<text>(?:[^\][]|\[[^\]]*\])*)\]\((?<target>[^)\s]+)\)/gu)]
    .map(({ groups }) => ({
      line,
      text: groups?.['text'] ?? '',
      target: (groups?.['target'] ?? '').replace(/#.*$/u, ''),
    }))
    .filter(({ target }) => target !== '' && !/^[a-z]+:/u.test(target))
}
