export type { PgliteStorageOptions } from './pglite/open-pglite-storage.ts'
export { openPgliteStorage, pgliteStorage } from './pglite/open-pglite-storage.ts'
export type { PgliteClient } from './pglite/pglite-sessions.ts'
