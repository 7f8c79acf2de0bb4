import { describe, expect, it, vi } from 'vitest'
import { createConsoleLogger } from '../../src/system/console-logger.ts'
import { silentLogger } from '../../src/system/silent-logger.ts'

const time = Date.UTC(2026, 0, 31, 12)

function collecting(level?: 'debug' | 'warn') {
  const lines: string[] = []
  const logger = createConsoleLogger({ write: (line) => lines.push(line), now: () => time, ...(level && { level }) })
  return { lines, logger }
}

describe('a console logger', () => {
  it('writes one line of text per event', () => {
    const { lines, logger } = collecting()

    logger
      .with({ runner: '10.0.0.1:9000' })
      .log('warn', 'Lease lost', { attempt: 2, note: 'two words', absent: undefined })

    expect(lines).toEqual(['2026-01-31T12:00:00.000Z WARN  Lease lost runner=10.0.0.1:9000 attempt=2 note="two words"'])
  })

  it('drops what is below its level, debug by default', () => {
    const { lines, logger } = collecting()
    const warnings = collecting('warn')

    logger.log('debug', 'dropped')
    logger.log('info', 'kept')
    warnings.logger.with({ a: 1 }).log('info', 'dropped')

    expect([lines.length, warnings.lines.length]).toEqual([1, 0])
  })

  it('writes the stack of an error below the line, and those of its causes', () => {
    const { lines, logger } = collecting()
    const error = new TypeError('no such user', { cause: new RangeError('too far') })

    logger.log('error', 'Handler failed', { error })

    const [line] = lines
    expect(line).toContain('ERROR Handler failed error="TypeError: no such user"\nTypeError: no such user\n    at ')
    expect(line).toContain('\ncaused by RangeError: too far\n    at ')
  })

  it('writes any field without throwing', () => {
    const { lines, logger } = collecting()
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic

    logger.log('info', 'm', {
      cyclic,
      big: 1n,
      nested: { big: 2n, list: [1] },
      symbol: Symbol('s'),
      nothing: null,
      empty: '',
    })

    expect(lines[0]).toMatch(
      /m cyclic="\(cannot be shown\)" big=1 nested="\{\\"big\\":\\"2\\",\\"list\\":\[1\]\}" symbol=Symbol\(s\) nothing=null empty=""$/u,
    )
  })

  it('writes to standard error unless told otherwise', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})

    createConsoleLogger().log('info', 'Started')

    expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('INFO  Started'))
    error.mockRestore()
  })
})

describe('the silent logger', () => {
  it('stays silent with fields too', () => {
    expect(silentLogger.with({ a: 1 })).toBe(silentLogger)
    expect(silentLogger.log('error', 'unheard')).toBeUndefined()
  })
})
