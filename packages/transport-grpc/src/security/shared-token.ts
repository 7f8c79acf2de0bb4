import { createHash, timingSafeEqual } from 'node:crypto'
import { Metadata } from 'nice-grpc'

const key = 'authorization'
const scheme = 'Bearer '

/** What a caller shows to be let in. */
export function tokenMetadata(tokens: readonly string[]): Metadata {
  const [token] = tokens
  return token === undefined ? Metadata() : Metadata({ [key]: scheme + token })
}

/** Whether a caller knows one of the tokens; true when none is asked for. Takes as long for a near miss as for a far one. */
export function isAdmitted(metadata: Metadata, tokens: readonly string[]): boolean {
  if (tokens.length === 0) return true
  const shown = digest(metadata.get(key) ?? '')
  // All are compared, so that the time does not tell which one it was.
  return tokens.map((token) => timingSafeEqual(shown, digest(scheme + token))).includes(true)
}

/** Of equal length whatever the token: that is what the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
