export type { Law, Subject } from './law.ts'
export { brokenLaws, checkLaw } from './law.ts'
