import { fill, h } from './dom.js'
import { me } from './identity.js'

const controls = ['1+0', '3+2', '5+3', '10+0', '15+10', '30+20']

/** Makes a link for a friend: whoever opens it and gives a name starts the game. */
export function friendCard() {
  const control = h(
    'select',
    { 'aria-label': 'Time control' },
    controls.map((text) => h('option', { value: text, selected: text === '5+3' }, text)),
  )
  const color = h(
    'select',
    { 'aria-label': 'Your colour' },
    h('option', { value: 'random' }, 'Random side'),
    h('option', { value: 'white' }, 'Play white'),
    h('option', { value: 'black' }, 'Play black'),
  )
  const result = h('div', { class: 'link-result' })
  const create = () => showLink(result, linkFor(control.value, color.value))
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, 'Play a friend'),
    h(
      'div',
      { class: 'form-row' },
      control,
      color,
      h('button', { type: 'button', class: 'primary', onclick: create }, 'Create link'),
    ),
    result,
  )
}

function linkFor(control, color) {
  const side = color === 'random' ? (Math.random() < 0.5 ? 'white' : 'black') : color
  return `${location.origin}/#/challenge/${me.playerId}/${control}/${side}`
}

function showLink(place, link) {
  const field = h('input', {
    type: 'text',
    readonly: true,
    value: link,
    'aria-label': 'Link for your friend',
    onfocus: () => field.select(),
  })
  const copy = h('button', { type: 'button' }, 'Copy')
  copy.addEventListener('click', async () => {
    field.select()
    await navigator.clipboard?.writeText(link)
    copy.textContent = 'Copied'
  })
  fill(
    place,
    h('div', { class: 'form-row' }, field, copy),
    h('p', { class: 'hint' }, 'Send it to a friend and stay here: the game opens when they accept.'),
  )
  field.select()
}
