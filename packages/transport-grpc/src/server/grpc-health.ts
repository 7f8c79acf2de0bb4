import type { ServiceImplementation } from 'nice-grpc'
import { HealthServiceImpl, HealthState } from 'nice-grpc-server-health'
import type { HealthDefinition } from 'nice-grpc-server-health'
import { serviceName } from '../wire/runner-service.ts'

type HealthService = ServiceImplementation<typeof HealthDefinition>

let serviceOf: (health: GrpcHealth) => HealthService

/**
 * What the standard health service (`grpc.health.v1.Health`) of a transport's listeners answers, for the process as a whole
 * and for `cruster.v1.RunnerService`. Serving at first. It asks for no token, since probes have none.
 */
export class GrpcHealth {
  readonly #state = HealthState()

  constructor() {
    this.setServing(true)
  }

  get isServing(): boolean {
    return this.#state.getStatus() === 'healthy'
  }

  /** Answers SERVING or NOT_SERVING from now on; those who watch are told. */
  setServing(isServing: boolean): void {
    // The names of the gRPC statuses would be taken without complaint and answered as NOT_SERVING.
    const status = isServing ? 'healthy' : 'unhealthy'
    this.#state.setStatus(status)
    this.#state.setStatus(status, serviceName)
  }

  // Users of the handle have no business with the service behind it.
  static {
    serviceOf = (health: GrpcHealth): HealthService => HealthServiceImpl(health.#state)
  }
}

/** The service that answers what the handle was told. */
export function healthService(health: GrpcHealth): HealthService {
  return serviceOf(health)
}
