/** The time of a simulation that is made after what runs in it. It passes for processes that are stopped, too. */
export class Surroundings {
  #sleep: ((ms: number) => Promise<void>) | undefined

  begin(sleep: (ms: number) => Promise<void>): void {
    this.#sleep = sleep
  }

  /** Resolves after a while; never before the simulation has begun. */
  async sleep(ms: number): Promise<void> {
    await this.#sleep?.(ms)
  }
}
