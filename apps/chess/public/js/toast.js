import { h } from './dom.js'

const shelf = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' })
document.body.append(shelf)

const staysMs = 5000

/** Says something in passing. `action` is an optional `{ label, onclick }`. */
export function toast(text, action) {
  const note = h(
    'div',
    { class: 'toast' },
    h('span', {}, text),
    action && h('button', { type: 'button', onclick: action.onclick }, action.label),
  )
  shelf.append(note)
  setTimeout(() => note.remove(), staysMs)
}

/** Does something and says so when it fails. */
export async function orToast(promise) {
  try {
    return await promise
  } catch (error) {
    toast(error.message)
    return undefined
  }
}
