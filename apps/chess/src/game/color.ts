/** A side of the board. */
export type Color = 'white' | 'black'

export function opposite(color: Color): Color {
  return color === 'white' ? 'black' : 'white'
}
