export type { Law, Subject } from './law.ts'
export { brokenLaws, checkLaw } from './law.ts'
export { storageLaws } from './laws/storage-laws.ts'
export type { StorageWorld } from './laws/storage/storage-world.ts'
