/** The same object with another method in place of one of its own. */
export function replaced<Part extends object>(part: Part, name: keyof Part, value: unknown): Part {
  return new Proxy(part, {
    get: (target, asked) => {
      const own: unknown = asked === name ? value : Reflect.get(target, asked, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}
