import { ConfigError } from '@cruster/core'

/** What to do about the ways in which listening fails, by the code of the system in the message of grpc-js. */
const remedies: readonly (readonly [code: string, what: string])[] = [
  ['EADDRINUSE', 'Another process or listener has the address: end it, or choose another one.'],
  ['EADDRNOTAVAIL', 'This machine does not have the address: correct it, or say with `bindHost` where to listen.'],
  ['EACCES', 'The system does not let this user have the port: choose one from 1024.'],
]

/** An address at which a server could not listen. */
export function toBindError(cause: unknown, address: string): ConfigError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const [, remedy] = remedies.find(([code]) => why.includes(code)) ?? [
    '',
    'Check that it is an address of this machine.',
  ]
  return new ConfigError(`Cannot listen at ${address}: ${why}. Nothing was started. ${remedy}`, { cause })
}
