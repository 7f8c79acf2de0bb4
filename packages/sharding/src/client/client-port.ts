export type { CallTarget as Target, ClientPort } from '@cruster/core'
