/** A random name for one intended effect. `crypto.randomUUID` is missing where a page comes over plain HTTP. */
export function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
