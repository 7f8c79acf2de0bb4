/**
 * Builds an element: `h('button', { class: 'primary', onclick }, 'Play')`. Properties that start with `on` are listeners,
 * `false` and `null` leave an attribute out, `true` sets it empty. Children that are `null` or `false` are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value))
    }
  }
  element.append(...present(children))
  return element
}

/** Puts other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children))
  return element
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false)
}
