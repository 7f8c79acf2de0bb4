/** Something that a test waited for did not come. The message shows the cluster as it was then. */
export class WaitFailed extends Error {
  override readonly name = 'WaitFailed'

  constructor(what: string, picture: string, options?: ErrorOptions) {
    super(`Waited in vain: ${what}\n\n${picture}`, options)
  }
}
