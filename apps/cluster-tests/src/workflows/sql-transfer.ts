import { activity, error } from '@cruster/core'
import { defineWorkflow, typed } from '@cruster/workflow'

/** Money from one account to another. */
export interface Transfer {
  readonly id: string
  readonly to_entity: string
  readonly amount: number
  /** Fails after both tables were written. */
  readonly fails: boolean
  /** Tells transfers apart that are alike in all else. */
  readonly transfer_id: string
}

/** Writes an account and a transfer in the transaction of an activity: both or none. */
export const SqlTransferWorkflow = defineWorkflow('SqlTransferWorkflow', {
  input: typed<Transfer>(),
  output: typed<number>(),
  key: ({ id, transfer_id }) => `${id}/${transfer_id}`,
  activities: { transfer: activity<Transfer, number>() },
  errors: { TransferRefused: error<{ account: string }>() },
})

export const sqlTransferWorkflow = SqlTransferWorkflow.implement({
  activities: {
    transfer: async ({ tx }, { id, to_entity, amount, fails }) => {
      const [account] = await tx.query<{ transfer_count: unknown }>`
        insert into ct_accounts (id, transfer_count, total_transferred) values (${id}, 1, ${amount})
        on conflict (id) do update set transfer_count = ct_accounts.transfer_count + 1,
          total_transferred = ct_accounts.total_transferred + excluded.total_transferred
        returning transfer_count`
      await tx.query`
        insert into ct_transfers (from_id, to_id, amount, created_at)
        values (${id}, ${to_entity}, ${amount}, ${new Date().toISOString()})`
      if (fails) throw new SqlTransferWorkflow.errors.TransferRefused({ account: id }, 'The transfer was refused.')
      return Number(account?.transfer_count)
    },
  },
  run: (ctx, transfer) => ctx.transfer(transfer),
})
