import type { Law } from '../law.ts'
import { contentLaws } from './storage/content-laws.ts'
import { deadLetterLaws } from './storage/dead-letter-laws.ts'
import { durabilityLaws } from './storage/durability-laws.ts'
import { enqueueLaws } from './storage/enqueue-laws.ts'
import { executionListLaws } from './storage/execution-list-laws.ts'
import { executionRetentionLaws } from './storage/execution-retention-laws.ts'
import { executionLaws } from './storage/execution-laws.ts'
import { fencingLaws } from './storage/fencing-laws.ts'
import { hintLaws } from './storage/hint-laws.ts'
import { journalLaws } from './storage/journal-laws.ts'
import { messageLaws } from './storage/message-laws.ts'
import { pendingLaws } from './storage/pending-laws.ts'
import { replyLaws } from './storage/reply-laws.ts'
import { retentionLaws } from './storage/retention-laws.ts'
import { stateLaws } from './storage/state-laws.ts'
import type { StorageWorld } from './storage/storage-world.ts'
import { transactionLaws } from './storage/transaction-laws.ts'
import { unitLaws } from './storage/unit-laws.ts'

/**
 * What every `Storage` promises: ST1 to ST24 of the port, a letter behind the number for further sides of a law.
 *
 * A storage without SQL names ST13 and ST14 as known gaps; one that is not durable passes ST12 by declaring so.
 */
export const storageLaws: readonly Law<StorageWorld>[] = [
  ...unitLaws,
  ...fencingLaws,
  ...stateLaws,
  ...replyLaws,
  ...messageLaws,
  ...pendingLaws,
  ...durabilityLaws,
  ...transactionLaws,
  ...deadLetterLaws,
  ...retentionLaws,
  ...contentLaws,
  ...hintLaws,
  ...journalLaws,
  ...executionLaws,
  ...executionListLaws,
  ...executionRetentionLaws,
  ...enqueueLaws,
]
