/** The error of a call that has to fail, heard from the moment on at which it is made. Resolves to undefined if it does not. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return undefined
  } catch (error) {
    return error
  }
}
