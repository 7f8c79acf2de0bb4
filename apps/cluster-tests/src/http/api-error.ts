/** A request that cannot be served as it is, with the status that says so. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: 400 | 404 | 503

  constructor(status: 400 | 404 | 503, message: string) {
    super(message)
    this.status = status
  }
}
