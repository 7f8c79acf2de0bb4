import type { EntityAddress } from '@cruster/core'
import type { OwnerHint } from '../connection/endpoint.ts'

/** Why the line of a stream is no good any more, though the stream may go on elsewhere. */
export type StreamTrouble =
  | { readonly kind: 'broken'; readonly reason: Error; readonly sent: boolean }
  | { readonly kind: 'notMine'; readonly address: EntityAddress; readonly owner: OwnerHint | undefined }
  /** The values from `expected` on should have come; those from `found` on did. */
  | { readonly kind: 'gap'; readonly expected: number; readonly found: number }
