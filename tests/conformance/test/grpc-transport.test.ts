import { transportLaws } from '@cruster/testing'
import { describeLaws } from '@cruster/testing/vitest'
import { grpcTransportWorld } from './grpc-worlds.ts'

describeLaws({ name: 'GrpcTransport', open: () => grpcTransportWorld() }, transportLaws)
