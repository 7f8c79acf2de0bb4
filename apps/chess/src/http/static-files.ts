import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Context } from 'hono'

interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page loads nothing from elsewhere, and nobody else may frame it. */
const policy =
  "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"

/**
 * The files of the page, all in memory from the start: what is asked for is a key and never a path, and a page is of one
 * version.
 */
export class StaticFiles {
  readonly #files = new Map<string, StaticFile>()

  constructor(folder: string) {
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const type = types[extname(entry)]
      if (type === undefined) continue
      const body = new Uint8Array(readFileSync(join(folder, entry)))
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
      this.#files.set(`/${entry.replaceAll('\\', '/')}`, { body, type, etag })
    }
  }

  /** Undefined when there is no such file. */
  serve(c: Context): Response | undefined {
    const file = this.#files.get(c.req.path === '/' ? '/index.html' : c.req.path)
    if (file === undefined) return undefined
    c.header('cache-control', 'no-cache')
    c.header('etag', file.etag)
    c.header('content-security-policy', policy)
    if (c.req.header('if-none-match') === file.etag) return c.body(null, 304)
    c.header('content-type', file.type)
    return c.body(file.body)
  }
}
