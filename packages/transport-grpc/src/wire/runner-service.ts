import { RunnerServiceDefinition } from '../gen/cruster/v1/transport.ts'

const asIs = (bytes: Uint8Array): Uint8Array => bytes

/** Full name of the service, by which health checks ask for it. */
export const serviceName: string = RunnerServiceDefinition.fullName

/**
 * The service as nice-grpc takes it, with messages as bytes: the line reads and writes them itself, so that one that cannot
 * be read ends its line with an error of ours. The ready-made definition would also copy every message field by field
 * before it is written.
 */
export const runnerService = {
  connect: {
    path: `/${serviceName}/${RunnerServiceDefinition.methods.connect.name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
    options: {},
  },
} as const
