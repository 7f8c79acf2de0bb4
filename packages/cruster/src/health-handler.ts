import type { RunnerHealth } from '@cruster/sharding'

/** What has a health: a runner. */
export interface Healthy {
  health(): RunnerHealth
}

/** What of a request the handler looks at. `IncomingMessage` of `node:http` is one. */
export interface HealthRequest {
  readonly url?: string | undefined
}

/** What of a response the handler needs. `ServerResponse` of `node:http` is one. */
export interface HealthResponse {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: string): unknown
}

/**
 * Answers the probes of an orchestrator: `GET /healthz` is 200 while the runner makes progress, `GET /readyz` while it is ready;
 * else they are 503. Both bodies are the {@link RunnerHealth} as JSON. Every other path is 404.
 *
 * @param runner - a function for one that may not have started yet: it is alive then, and not ready.
 * @example createServer(healthHandler(() => runner)).listen(8080)
 */
export function healthHandler(
  runner: Healthy | (() => Healthy | undefined),
): (request: HealthRequest, response: HealthResponse) => void {
  return ({ url = '/' }, response) => {
    const health = (typeof runner === 'function' ? runner() : runner)?.health() ?? starting
    const isGood = answers.get(url.split('?', 1)[0] ?? url)
    if (isGood === undefined) reply(response, 404, { error: 'Ask for /healthz or /readyz.' })
    else reply(response, isGood(health) ? 200 : 503, health)
  }
}

const answers: ReadonlyMap<string, (health: RunnerHealth) => boolean> = new Map([
  ['/healthz', ({ isAlive }: RunnerHealth) => isAlive],
  ['/readyz', ({ isReady }: RunnerHealth) => isReady],
])

const starting: RunnerHealth = {
  isAlive: true,
  isReady: false,
  problems: ['The runner is starting.'],
  state: 'joining',
  ownedShards: 0,
  oldestDueMs: 0,
}

function reply(response: HealthResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}
