export type { Clock, Timer } from './ports/clock.ts'
export type {
  AcquireResult,
  ClusterSettings,
  Discovery,
  DiscoveryEvent,
  Membership,
  RunnerInfo,
  RunnerState,
  SettingsResult,
  ShardLock,
} from './ports/discovery.ts'
export type {
  ExecutionCursor,
  ExecutionFilter,
  ExecutionName,
  ExecutionQuery,
  ExecutionReader,
  ExecutionRecord,
  ExecutionStatus,
  JournalQuery,
  JournalReader,
  StoredExecution,
} from './ports/execution.ts'
export type {
  CallId,
  CancelFrame,
  ChunkFrame,
  CreditFrame,
  Frame,
  Hello,
  NotMineFrame,
  ReplyFrame,
  RequestFrame,
  StreamPosition,
} from './ports/frame.ts'
export type { LogFields, Logger, LogLevel } from './ports/logger.ts'
export type { MetricLabels, Metrics } from './ports/metrics.ts'
export type { Random } from './ports/random.ts'
export type { SqlResult, SqlStatement, SqlTransaction } from './ports/sql-transaction.ts'
export type {
  ClaimResult,
  EnqueueResult,
  MessageHints,
  MessageReader,
  PruneResult,
  QueryClient,
  ReplyReader,
  StateReader,
  Storage,
  StorageTransaction,
  StoredState,
} from './ports/storage.ts'
export type {
  DeadLetter,
  MessageFilter,
  MessageRecord,
  MessageStatus,
  NewMessage,
  PendingQuery,
  StoredMessage,
  StoredReply,
} from './ports/stored-message.ts'
export type { Span, SpanOptions, TraceContext, Tracer } from './ports/tracer.ts'
export type { Connection, Listener, Transport } from './ports/transport.ts'
export type {
  AppendJournal,
  BuryMessage,
  CancelMessage,
  CompleteMessage,
  CountAttempt,
  DeleteExecution,
  ExecutionOperation,
  ExpectState,
  Fence,
  Operation,
  PutExecution,
  PutState,
  ReviveMessage,
  SaveMessage,
  SaveReply,
  TruncateJournal,
  Unit,
  UnitResult,
} from './ports/unit-of-work.ts'
