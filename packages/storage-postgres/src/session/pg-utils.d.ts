/** A part of the client that its types leave out. */
declare module 'pg/lib/utils.js' {
  const utils: {
    /** What is sent for a value of a statement. @throws for a value that cannot be sent. */
    readonly prepareValue: (value: unknown) => string | Buffer | null
  }
  export default utils
}
