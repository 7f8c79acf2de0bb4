const escapeMark = '\u001b'
// With the flag u a surrogate pair is one character, so only lone surrogates match.
/* oxlint-disable no-control-regex -- NUL and ESC are what this is about */
const unsafe = /[\0\u001b\ufeff\p{Surrogate}]/u
const allUnsafe = /[\0\u001b\ufeff\p{Surrogate}]/gu
const escaped = /\u001b([0-9a-f]{4})/g
/* oxlint-enable no-control-regex */

/**
 * Text that PostgreSQL gives back as it was. Three kinds do not survive by themselves: it refuses NUL, a lone surrogate has
 * no UTF-8 form, and PGlite drops a byte order mark at the front. They, and the escape mark itself, are written as ESC and four hex digits. All other text is stored as
 * it is, readable in psql.
 */
export function toStoredText(text: string): string {
  return unsafe.test(text) ? text.replace(allUnsafe, escapeCharacter) : text
}

export const storedTexts = (texts: Iterable<string>): readonly string[] => Array.from(texts, toStoredText)

/** The inverse of {@link toStoredText}. */
export function fromStoredText(text: string): string {
  return text.includes(escapeMark)
    ? text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}

function escapeCharacter(character: string): string {
  return escapeMark + character.charCodeAt(0).toString(16).padStart(4, '0')
}
