export { GrpcTransport, grpcTransport } from './grpc-transport.ts'
export type { GrpcTransportOptions, TlsOptions } from './grpc-transport-options.ts'
export { GrpcHealth } from './server/grpc-health.ts'
