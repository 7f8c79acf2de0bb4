/** What a runner is told at its start: where its proxies are. */
export interface RunnerTask {
  readonly address: string
  readonly postgresUrl: string
  readonly etcdEndpoint: string
}

/** What it says. */
export type RunnerMessage = { readonly kind: 'listening'; readonly port: number } | { readonly kind: 'ready' }
