export { kysely } from './kysely.ts'
export { sqlOf, type KyselyTransaction } from './sql-of.ts'
