import { expect, it } from 'vitest'
import { MemoryLogger } from '../../src/memory/memory-logger.ts'

it('keeps lines with the fields of their logger, in one list', () => {
  const logger = new MemoryLogger()

  logger.with({ runner: 'r1' }).with({ shard: 'default:1' }).log('warn', 'Lease lost', { attempt: 2 })
  logger.log('info', 'Started')

  expect(logger.lines).toEqual([
    { level: 'warn', message: 'Lease lost', fields: { runner: 'r1', shard: 'default:1', attempt: 2 } },
    { level: 'info', message: 'Started', fields: {} },
  ])
})
