import { icon } from './icons.js'

const key = 'cruster-chess-theme'

/** A button between light and dark. Without a choice the page follows the system. */
export function startTheme(button) {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const current = () => localStorage.getItem(key) ?? (system.matches ? 'dark' : 'light')
  const apply = () => {
    document.documentElement.dataset.theme = current()
    button.replaceChildren(icon(current() === 'dark' ? 'sun' : 'moon'))
  }
  button.addEventListener('click', () => {
    localStorage.setItem(key, current() === 'dark' ? 'light' : 'dark')
    apply()
  })
  system.addEventListener('change', apply)
  apply()
}
