import { h } from './dom.js'

const key = 'cruster-chess-opponents'

/** How far the rating of an opponent may be away; undefined: as far as it likes. */
const choices = [
  ['any', 'Any opponent', undefined],
  ['400', 'Within 400 points', 400],
  ['200', 'Within 200 points', 200],
  ['100', 'Within 100 points', 100],
]

const chosen = () => localStorage.getItem(key) ?? 'any'

/** What the queue is told of a player with a rating: `{ minRating, maxRating }`, or nothing. */
export function ratingRange(rating) {
  const [, , distance] = choices.find(([value]) => value === chosen()) ?? choices[0]
  return distance === undefined ? {} : { minRating: Math.max(0, rating - distance), maxRating: rating + distance }
}

/** Asks whom the player wants to meet. Counts from the next time they join the queue. */
export function opponentChoice() {
  const options = choices.map(([value, label]) => h('option', { value, selected: value === chosen() }, label))
  const select = h('select', { 'aria-label': 'Opponents', class: 'opponents' }, options)
  select.addEventListener('change', () => localStorage.setItem(key, select.value))
  return select
}
