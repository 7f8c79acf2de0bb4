/** How much time the players have. Written `5+3`: minutes for the game + seconds added for each move. */
export interface TimeControl {
  readonly initialMs: number
  readonly incrementMs: number
}

const pattern = /^(\d{1,3}(?:\.\d{1,2})?)\+(\d{1,3})$/
const mostMinutes = 180
const mostSeconds = 180

/** Reads `minutes+seconds`; minutes may have decimals. Undefined for anything that cannot be played. */
export function parseTimeControl(text: string): TimeControl | undefined {
  const [, minutes, seconds] = pattern.exec(text) ?? []
  if (minutes === undefined || seconds === undefined) return undefined
  const [initial, increment] = [Number(minutes), Number(seconds)]
  if (initial <= 0 || initial > mostMinutes || increment > mostSeconds) return undefined
  return { initialMs: Math.round(initial * 60_000), incrementMs: increment * 1000 }
}

/** The one way a time control is written, so that `05+3` and `5+3` find each other. */
export function formatTimeControl({ initialMs, incrementMs }: TimeControl): string {
  return `${Number((initialMs / 60_000).toFixed(2))}+${incrementMs / 1000}`
}
