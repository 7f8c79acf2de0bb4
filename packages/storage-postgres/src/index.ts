export { openPostgresStorage, postgresStorage } from './open-postgres-storage.ts'
export { PostgresStorage } from './postgres-storage.ts'
export type { PostgresStorageOptions } from './postgres-storage-options.ts'
