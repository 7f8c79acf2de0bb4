import { initial } from './0001-initial.ts'
import { executions } from './0002-executions.ts'

/** All versions of the schema in order: the first takes an empty file to version 1. Only ever appended to. */
export const migrations: readonly string[] = [initial, executions]
