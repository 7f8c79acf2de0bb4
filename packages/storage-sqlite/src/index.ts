export { openSqliteStorage } from './open-sqlite-storage.ts'
export type { Durability } from './sqlite-connection.ts'
export { SqliteStorage } from './sqlite-storage.ts'
export type { SqliteStorageOptions } from './sqlite-storage-options.ts'
