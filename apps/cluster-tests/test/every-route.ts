import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Api } from './api.ts'
import { until } from './until.ts'

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/u
const time: unknown = expect.stringMatching(rfc3339)
const newId = (): string => `t-${randomUUID().slice(0, 8)}`

/** What every address of the application answers. @param url - without a slash at the end, once it is there */
export function everyRoute(url: () => string): void {
  const api = (): Api => new Api(url())
  entityRoutes(api)
  workflowRoutes(api)
  timerRoutes(api)
  singletonRoutes(api)
  debugRoutes(api)
}

function entityRoutes(api: () => Api): void {
  it('says that it is ready', async () => {
    expect(await api().get('/health')).toMatchObject({ status: 200, text: '{"status":"ok"}' })
  })

  it.each(['counter', 'stateless-counter'])('counts: /%s', async (kind) => {
    const path = `/${kind}/${newId()}`

    expect((await api().get(path)).text).toBe('0')
    expect((await api().post(`${path}/increment`, 5)).text).toBe('5')
    expect((await api().post(`${path}/increment`, 5)).text).toBe('10')
    expect((await api().post(`${path}/decrement`, 12)).text).toBe('-2')
    expect((await api().get(path)).text).toBe('-2')
    expect((await api().post(`${path}/reset`)).text).toBe('null')
    expect((await api().postText(`${path}/reset`, 'anything')).text).toBe('null')
    expect((await api().get(path)).text).toBe('0')
  })

  it('counts every one of many equal increments at once', async () => {
    const path = `/counter/${newId()}`

    await Promise.all(Array.from({ length: 20 }, () => api().post(`${path}/increment`, 1)))

    expect((await api().get(path)).text).toBe('20')
  })

  it('keeps values by key', async () => {
    const path = `/kv/${newId()}`
    const value = { list: [1, null, 'x'], nested: { yes: true } }

    expect((await api().post(`${path}/set`, { key: 'a', value })).text).toBe('null')
    expect((await api().post(`${path}/set`, { key: 'b/ä', value: 2 })).text).toBe('null')
    expect((await api().get(`${path}/get/a`)).json).toEqual(value)
    expect((await api().get(`${path}/get/${encodeURIComponent('b/ä')}`)).json).toBe(2)
    expect((await api().get(`${path}/get/none`)).text).toBe('null')
    expect((await api().get(`${path}/keys`)).json).toEqual(['a', 'b/ä'])
    expect((await api().delete(`${path}/delete/a`)).text).toBe('true')
    expect((await api().delete(`${path}/delete/a`)).text).toBe('false')
    expect((await api().post(`${path}/clear`)).text).toBe('null')
    expect((await api().get(`${path}/keys`)).text).toBe('[]')
  })

  it('composes an entity of traits', async () => {
    const path = `/trait/${newId()}`
    expect([(await api().get(path)).text, (await api().get(`${path}/version`)).text]).toEqual(['""', '0'])

    expect((await api().post(`${path}/update`, { data: 'one' })).text).toBe('null')
    expect((await api().post(`${path}/update`, { data: 'two' })).text).toBe('null')

    expect((await api().get(path)).json).toBe('two')
    expect((await api().get(`${path}/version`)).json).toBe(2)
    expect((await api().get(`${path}/audit-log`)).json).toEqual([
      { id: expect.any(String), action: 'update', actor: expect.any(String), timestamp: time, details: 'one' },
      { id: expect.any(String), action: 'update', actor: expect.any(String), timestamp: time, details: 'two' },
    ])
  })

  it('lets entities talk to each other', async () => {
    const [a, b] = [newId(), newId()]
    const message = { target_type: 'CrossEntity', target_id: b, message: 'hello' }

    expect((await api().post(`/cross/${a}/send`, message)).text).toBe('null')
    expect((await api().post(`/cross/${b}/receive`, { from: 'outside', message: 'again' })).text).toBe('null')
    expect((await api().get(`/cross/${b}/messages`)).json).toEqual([
      { from_entity: a, content: 'hello', timestamp: time },
      { from_entity: 'outside', content: 'again', timestamp: time },
    ])
    expect((await api().post(`/cross/${a}/ping-pong`, { partner_id: b, count: 7 })).text).toBe('14')
    expect((await api().post(`/cross/${b}/clear`)).text).toBe('null')
    expect((await api().get(`/cross/${b}/messages`)).text).toBe('[]')
  })

  it('refuses what cannot be used, and says why', async () => {
    const path = `/counter/${newId()}/increment`
    const answers = await Promise.all([
      api().postText(path, '{'),
      api().post(path, 'five'),
      api().post(`/kv/${newId()}/set`, { key: 1 }),
      api().post('/cross/a/send', { target_type: 'Nobody', target_id: 'b', message: '' }),
      api().get('/nowhere'),
    ])

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 404])
    for (const { json } of answers) expect(json).toEqual({ error: expect.any(String) })
  })
}

/** Takes longer than an entity stays in memory without work. */
export function eviction(url: () => string): void {
  it('keeps the state of entities through their eviction', async () => {
    const api = new Api(url())
    const id = newId()
    await api.post(`/counter/${id}/increment`, 42)
    await api.post(`/kv/${id}/set`, { key: 'a', value: [1] })
    await api.post(`/trait/${id}/update`, { data: 'kept' })

    await sleep(8000)

    expect((await api.get(`/counter/${id}`)).text).toBe('42')
    expect((await api.get(`/kv/${id}/get/a`)).json).toEqual([1])
    expect((await api.get(`/trait/${id}/version`)).json).toBe(1)
  })
}

function workflowRoutes(api: () => Api): void {
  it('runs workflows that record their steps', async () => {
    const id = newId()
    const path = `/workflow/${id}`

    expect((await api().get(`${path}/executions`)).text).toBe('[]')
    expect((await api().get(`${path}/execution/e1`)).text).toBe('null')
    expect((await api().post(`${path}/run-simple`, { exec_id: 'e1' })).json).toBe('completed:e1')
    expect((await api().post(`${path}/run-simple`, { exec_id: 'e1' })).json).toBe('completed:e1')
    const failed = await api().post(`${path}/run-failing`, { exec_id: 'e2', fail_at: 2 })
    expect(failed).toMatchObject({ status: 500, json: { error: expect.any(String) } })
    expect((await api().post(`${path}/run-long`, { exec_id: 'e3', steps: 4 })).json).toBe('completed:e3')

    const simple = { id: 'e1', steps_completed: ['step1', 'step2', 'step3'], result: 'completed:e1' }
    expect((await api().get(`${path}/execution/e1`)).json).toEqual(simple)
    expect((await api().get(`${path}/executions`)).json).toEqual([
      simple,
      { id: 'e2', steps_completed: ['step1'], result: 'failed:step2' },
      { id: 'e3', steps_completed: ['step0', 'step1', 'step2', 'step3'], result: 'completed:e3' },
    ])
  })

  it('runs activities that write a log', async () => {
    const path = `/activity/${newId()}`

    expect((await api().post(`${path}/run`, { exec_id: 'x' })).json).toEqual(['x-start', 'x-process', 'x-complete'])
    expect((await api().get(`${path}/log`)).json).toEqual(
      ['start', 'process', 'complete'].map((action) => ({ id: `x-${action}`, action, timestamp: time })),
    )
  })

  it('writes two tables in the transaction of an activity, or none', async () => {
    const id = newId()
    const path = `/sql-activity/${id}`
    expect((await api().get(`${path}/state`)).json).toEqual({ account_id: id, transfer_count: 0, total_transferred: 0 })

    expect((await api().post(`${path}/transfer`, { to_entity: 'b', amount: 5 })).text).toBe('1')
    expect((await api().post(`${path}/transfer`, { to_entity: 'b', amount: 5 })).text).toBe('2')
    const failed = await api().post(`${path}/failing-transfer`, { to_entity: 'b', amount: 100 })

    expect(failed).toMatchObject({ status: 500, json: { error: expect.any(String) } })
    expect((await api().get(`${path}/state`)).json).toEqual({
      account_id: id,
      transfer_count: 2,
      total_transferred: 10,
    })
    expect((await api().get(`${path}/sql-count`)).text).toBe('2')
  })

  it('processes an order with activity groups', async () => {
    const id = newId()
    const path = `/activity-group/${id}`
    const reservation = `res-${id}-3`

    expect((await api().post(`${path}/process-order`, { item_count: 3, amount: 250 })).json).toEqual({
      order_id: id,
      reservation_id: reservation,
      transaction_id: `tx-${id}-250`,
      confirmation: `confirmed-${reservation}`,
      summary: `order=${id},res=${reservation},tx=tx-${id}-250`,
    })
    const steps = ['reserve', 'charge', 'confirm', 'summary']
    expect((await api().get(`${path}/order-steps`)).json).toEqual(
      steps.map((step) => ({ step, detail: expect.any(String), created_at: time })),
    )
  })
}

function timerRoutes(api: () => Api): void {
  it('answers when a timer has fired', async () => {
    const path = `/timer/${newId()}`
    const begin = performance.now()

    expect((await api().post(`${path}/schedule`, { timer_id: 'a', delay_ms: 300 })).text).toBe('null')

    expect(performance.now() - begin).toBeGreaterThanOrEqual(290)
    expect((await api().get(`${path}/fires`)).json).toEqual([{ timer_id: 'a', scheduled_at: time, fired_at: time }])
    expect((await api().get(`${path}/pending`)).text).toBe('[]')
    expect((await api().post(`${path}/clear-fires`)).text).toBe('null')
    expect((await api().get(`${path}/fires`)).text).toBe('[]')
  })

  it('shows timers that are pending, fires each once, and never one that was cancelled', async () => {
    const path = `/timer/${newId()}`
    expect((await api().post(`${path}/start`, { timer_id: 'a', delay_ms: 900 })).text).toBe('null')
    await api().post(`${path}/start`, { timer_id: 'b', delay_ms: 900 })
    expect((await api().get(`${path}/pending`)).json).toEqual(
      ['a', 'b'].map((timer) => ({ timer_id: timer, scheduled_at: time, delay_ms: 900, cancelled: false })),
    )

    expect((await api().post(`${path}/cancel`, { timer_id: 'a' })).text).toBe('true')
    expect((await api().post(`${path}/cancel`, { timer_id: 'a' })).text).toBe('false')
    expect((await api().post(`${path}/cancel`, { timer_id: 'none' })).text).toBe('false')
    await until('the other one has fired', 10_000, async () => (await api().get(`${path}/fires`)).text !== '[]')
    await sleep(500)

    expect((await api().get(`${path}/fires`)).json).toEqual([{ timer_id: 'b', scheduled_at: time, fired_at: time }])
    expect((await api().get(`${path}/pending`)).text).toBe('[]')
    expect((await api().post(`${path}/cancel`, { timer_id: 'b' })).text).toBe('false')
  })
}

function singletonRoutes(api: () => Api): void {
  it('ticks on one runner', async () => {
    await until('it ticks', 10_000, async () => Number((await api().get('/singleton/tick-count')).json) > 0)

    const state = (await api().get('/singleton/state')).json
    expect(state).toEqual({
      runner_id: expect.stringMatching(/^.+:\d+$/u),
      tick_count: expect.any(Number),
      last_tick_at: time,
      became_leader_at: time,
      graceful_shutdown_at: null,
    })
    expect(state).toMatchObject({ runner_id: (await api().get('/singleton/current-runner')).json })
  })

  it('starts the count of ticks again while it goes on', async () => {
    await until('it has ticked', 10_000, async () => Number((await api().get('/singleton/tick-count')).json) >= 2)

    expect((await api().post('/singleton/reset')).text).toBe('null')
    const after = Number((await api().get('/singleton/tick-count')).json)

    expect(after).toBeLessThan(2)
    await until('it ticks on', 5000, async () => Number((await api().get('/singleton/tick-count')).json) > after)
  })
}

function debugRoutes(api: () => Api): void {
  it('tells about shards and entities', async () => {
    await api().get(`/counter/${newId()}`)

    expect((await api().get('/debug/shards')).json).toEqual({
      total_shards: expect.any(Number),
      shards_per_group: expect.any(Number),
      shard_groups: ['default'],
    })
    expect((await api().get('/debug/entities')).json).toEqual({
      entity_types: expect.arrayContaining(['Counter', 'KVStore', 'TraitTest', 'CrossEntity', 'StatelessCounter']),
      active_count: expect.any(Number),
    })
  })

  it('shows persisted calls, newest first, and their replies', async () => {
    const id = newId()
    for (const call of ['increment', 'decrement']) await api().post(`/counter/${id}/${call}`, 1)
    const query = `entity_type=Counter&entity_id=${id}`
    await until('nothing is left', 5000, async () => {
      const { text } = await api().get(`/debug/messages?${query}&processed=false`)
      return text === '[]'
    })

    const messages = (await api().get(`/debug/messages?${query}&processed=true`)).json
    const same = { shard_group: 'default', entity_type: 'Counter', entity_id: id, is_request: true, processed: true }
    expect(messages).toEqual(
      ['decrement', 'increment'].map((tag) => {
        const own = { request_id: expect.any(String), shard_id: expect.any(Number), created_at: time }
        return { ...same, ...own, tag, retry_count: 0 }
      }),
    )
    expect((await api().get(`/debug/messages?${query}&tag=increment&limit=1`)).json).toMatchObject([
      { tag: 'increment' },
    ])

    const request = (messages as { readonly request_id: string }[]).map((each) => each.request_id).at(0)
    expect((await api().get(`/debug/replies?request_id=${request}&is_exit=true`)).json).toEqual([
      { id: expect.anything(), request_id: request, sequence: expect.any(Number), is_exit: true, created_at: time },
    ])
  })

  it('shows starts of workflows, and their journals', async () => {
    const id = newId()
    await api().post(`/workflow/${id}/run-simple`, { exec_id: 'e' })

    const messages = await api().get(`/debug/messages?entity_type=Workflow/SimpleWorkflow&entity_id=${id}/e&tag=start`)
    const journal = await api().get(`/debug/journal?prefix=Workflow/SimpleWorkflow/${id}/&completed=true`)

    expect(messages.json).toMatchObject([{ entity_type: 'Workflow/SimpleWorkflow', entity_id: `${id}/e` }])
    const entries = journal.json as { readonly key: string }[]
    expect(entries.length).toBeGreaterThan(3)
    for (const entry of entries) {
      expect(entry).toEqual({
        key: expect.stringContaining(`Workflow/SimpleWorkflow/${id}/e`),
        value_size: expect.any(Number),
        created_at: time,
        updated_at: time,
        completed_at: time,
      })
    }
    expect((await api().get(`/debug/journal?prefix=Workflow/SimpleWorkflow/${id}/&completed=false`)).text).toBe('[]')
  })

  it('refuses queries that make no sense', async () => {
    expect((await api().get('/debug/messages?processed=perhaps')).status).toBe(400)
    expect((await api().get('/debug/messages?limit=many')).status).toBe(400)
  })
}
