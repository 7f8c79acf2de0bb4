import type { Interceptor } from '@grpc/grpc-js'
import { InterceptingCall } from '@grpc/grpc-js'

/** Has a member of etcd that lost its leader end a stream, instead of being silent as if nothing happened. */
export const askForLeader: Interceptor = (options, nextCall) =>
  new InterceptingCall(nextCall(options), {
    start(metadata, listener, next) {
      const asking = metadata.clone()
      asking.set('hasleader', 'true')
      next(asking, listener)
    },
  })
