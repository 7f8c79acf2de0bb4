import type { EntityAddress } from '@cruster/core'
import type { OwnerHint, ReplySink } from '../../src/connection/endpoint.ts'

/** Remembers what it hears, one line each. */
export class HeardSink implements ReplySink {
  readonly heard: string[] = []
  reason: Error | undefined

  reply(exit: Uint8Array): void {
    this.heard.push(`reply ${exit.join(' ')}`)
  }

  notMine(address: EntityAddress, owner: OwnerHint | undefined): void {
    this.heard.push(`not mine ${address.type}/${address.id}, owner ${owner?.address ?? 'unknown'}`)
  }

  broken(reason: Error, sent: boolean): void {
    this.reason = reason
    this.heard.push(sent ? 'broken, sent' : 'broken, not sent')
  }

  chunk(sequence: number, values: readonly Uint8Array[]): void {
    this.heard.push(`chunk ${sequence}: ${values.map((value) => value.join(' ')).join(', ')}`)
  }
}
