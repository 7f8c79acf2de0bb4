import type { ClientHost } from '@cruster/core'
import { CodecError, ConfigError, decode, encode, parseShardId, rpc } from '@cruster/core'
import type { ExecutionCursor, ExecutionFilter, ExecutionReader, StoredExecution } from '@cruster/core/ports'
import type { NativeCall, NativeEntity, RunnerHost, Services } from '@cruster/sharding/extension'
import { hiddenEntity } from '@cruster/sharding/extension'
import { workflowType } from '../protocol/execution-contract.ts'
import type { ExecutionPage, ListedExecution, PageOptions, RunsFilter } from './execution-list.ts'

const defaultLimit = 100
const mostLimit = 1000

/** What is asked of the directory. Plain data. */
interface Listing extends PageOptions {
  readonly filter: ExecutionFilter
}

/** Finds executions: from the storage of this process, or, in one that has none, from that of a runner. */
export interface ExecutionDirectory {
  list(filter: RunsFilter & PageOptions): Promise<ExecutionPage>
  count(filter: RunsFilter): Promise<number>
}

const directoryContract = hiddenEntity('Cruster/Executions', {
  methods: { list: rpc<Listing, ExecutionPage>(), count: rpc<ExecutionFilter, number>() },
})

/** The directory as this host reaches it. */
export function executionDirectory(host: ClientHost): ExecutionDirectory {
  const { storage } = host.services
  const remote = host.client(directoryContract)
  return {
    list: async ({ limit, after, ...filter }) => {
      const listing = {
        filter: plainFilter(filter),
        ...(limit !== undefined && { limit }),
        ...(after !== undefined && { after }),
      }
      return storage === undefined ? remote.get('1').list(listing) : list(storage.executions, listing)
    },
    count: async (filter) =>
      storage === undefined
        ? remote.get('1').count(plainFilter(filter))
        : storage.executions.count(plainFilter(filter)),
  }
}

const installed = new WeakSet<Services>()

/** Lets processes without storage ask this runner for lists. Once per runner is enough. */
export function installDirectory(host: RunnerHost): void {
  if (installed.has(host.services)) return
  installed.add(host.services)
  const entity: NativeEntity = {
    contract: directoryContract,
    create: ({ services }) => ({
      handlers: {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by the client above
        list: ({ input }: NativeCall) => list(services.storage.executions, input as Listing),
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by the client above
        count: ({ input }: NativeCall) => services.storage.executions.count(input as ExecutionFilter),
      },
    }),
  }
  host.register(entity)
}

async function list(executions: ExecutionReader, { filter, limit, after }: Listing): Promise<ExecutionPage> {
  const most = checkLimit(limit)
  const cursor = after === undefined ? undefined : parseCursor(after)
  const found = await executions.list({ ...filter, limit: most, ...(cursor !== undefined && { after: cursor }) })
  const last = found.at(-1)
  return {
    executions: found.map(listed),
    next: last !== undefined && found.length === most ? cursorAfter(last) : undefined,
  }
}

function checkLimit(limit = defaultLimit): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostLimit) return limit
  throw new ConfigError(`The limit of a list must be a whole number from 1 to ${mostLimit}; it is ${limit}.`)
}

function listed({ address, ...record }: StoredExecution): ListedExecution {
  const { workflow, version, status, startedAt, updatedAt, endedAt, parent, note } = record
  const shown = { workflow, version, status, startedAt, updatedAt, endedAt, parent, note }
  return { ...shown, type: address.type, id: address.id, shardGroup: parseShardId(address.shard).group }
}

function plainFilter(filter: RunsFilter): ExecutionFilter {
  const { workflow, type = workflow === undefined ? undefined : workflowType(workflow) } = filter
  const { status, version, startedBefore, startedAfter } = filter
  return {
    ...(type !== undefined && { type }),
    ...(status !== undefined && { status }),
    ...(version !== undefined && { version }),
    ...(startedBefore !== undefined && { startedBefore: Number(startedBefore) }),
    ...(startedAfter !== undefined && { startedAfter: Number(startedAfter) }),
  }
}

function cursorAfter({ startedAt, address }: StoredExecution): string {
  return btoa(String.fromCharCode(...encode([startedAt, address.type, address.id])))
}

function parseCursor(text: string): ExecutionCursor {
  const [startedAt, type, id] = fieldsOf(text)
  if (typeof startedAt === 'number' && typeof type === 'string' && typeof id === 'string') {
    return { startedAt, type, id }
  }
  throw new CodecError('This is no place in a list of executions. Pass what `next` of the page before gave, unchanged.')
}

function fieldsOf(text: string): readonly unknown[] {
  try {
    const value = decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
