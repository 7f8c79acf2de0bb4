import { expect, it } from 'vitest'
import { bytes, address, commit, fence, putState } from '../samples.ts'
import { testSchema } from '../test-storage.ts'

it.each(['repeatable read', 'serializable'])('reads what is committed where the default is %s', async (isolation) => {
  const { open, query, schema } = await testSchema()
  await open()
  await query(`
    create function strict_now() returns float8 language plpgsql as $$ begin
      if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the isolation is %', current_setting('transaction_isolation');
      end if;
      return extract(epoch from clock_timestamp()) * 1000;
    end $$`)
  const options = `-c default_transaction_isolation=${isolation.replace(' ', '\\ ')}`
  const storage = await open({ client: { options }, now: `${schema}.strict_now()` })
  const owner = fence(1)
  const append = { kind: 'appendJournal', address: address('a'), position: 1, entries: [bytes('one')] } as const

  await storage.claim([owner])

  expect(await commit(storage, { fence: owner, operations: [putState('a', 1), append] })).toMatchObject({
    kind: 'applied',
  })
  expect(await storage.prune(10)).toEqual({ messages: 0, replies: 0, executions: 0 })
})
