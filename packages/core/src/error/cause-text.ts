/** What an error says about its cause, ready to stand before a full stop: `: connection refused`, or nothing. */
export function causeText(cause: unknown): string {
  if (cause instanceof Error && cause.message !== '') return `: ${withoutFullStop(cause.message)}`
  return typeof cause === 'string' && cause !== '' ? `: ${withoutFullStop(cause)}` : ''
}

const withoutFullStop = (text: string): string => (text.endsWith('.') ? text.slice(0, -1) : text)
