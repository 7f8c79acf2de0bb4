import { h } from './dom.js'
import { signUp } from './identity.js'
import { orToast } from './toast.js'

/** Asks for a name; with it the visitor is a player. */
export function nameForm(label) {
  const field = h('input', {
    type: 'text',
    name: 'username',
    placeholder: 'Your name',
    required: true,
    maxlength: 32,
    autocomplete: 'nickname',
    'aria-label': 'Your name',
  })
  const button = h('button', { type: 'submit', class: 'primary' }, label)
  const onsubmit = async (event) => {
    event.preventDefault()
    button.disabled = true
    await orToast(signUp(field.value))
    button.disabled = false
  }
  return h('form', { class: 'form-row name-form', onsubmit }, field, button)
}
