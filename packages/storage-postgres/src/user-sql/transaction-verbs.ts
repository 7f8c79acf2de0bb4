// White space and comments, which nest in PostgreSQL only one in another that nobody writes before a verb; then the verb.
const leading =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(rollback\s+(?:(?:work|transaction)\s+)?to\b|prepare\s+transaction\b|\w*)/i

const ending: ReadonlySet<string> = new Set(['abort', 'begin', 'commit', 'end', 'rollback', 'start'])

/** The verb of a statement that would begin or end a transaction; undefined for all others, savepoints included. */
export function transactionVerb(sql: string): string | undefined {
  const verb = leading.exec(sql)?.[1]?.toLowerCase() ?? ''
  return ending.has(verb) || verb.startsWith('prepare') ? verb : undefined
}
