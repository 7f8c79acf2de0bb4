import { activity } from '@cruster/core'
import type { StepContext } from '@cruster/core'
import { defineActivityGroup, defineWorkflow, typed } from '@cruster/workflow'

interface Order {
  readonly id: string
  readonly item_count: number
  readonly amount: number
}

/** What became of an order. */
export interface Receipt {
  readonly order_id: string
  readonly reservation_id: string
  readonly transaction_id: string
  readonly confirmation: string
  readonly summary: string
}

export const Inventory = defineActivityGroup('Inventory', {
  activities: {
    reserve: activity<{ order: string; count: number }, string>(),
    confirm: activity<{ order: string; reservation: string }, string>(),
  },
})

export const Payments = defineActivityGroup('Payments', {
  activities: { charge: activity<{ order: string; amount: number }, string>() },
})

/** An order whose steps come from two groups, and from the workflow itself. */
export const OrderWorkflow = defineWorkflow('OrderWorkflow', {
  input: typed<Order>(),
  output: typed<Receipt>(),
  groups: [Inventory, Payments],
  activities: { summarize: activity<{ order: string; summary: string }, string>() },
})

interface OrderStep {
  readonly order: string
  readonly step: string
  readonly detail: string
}

/** Records a step of an order, with its activity or not at all. */
async function record({ tx }: StepContext, { order, step, detail }: OrderStep): Promise<string> {
  await tx.query`
    insert into ct_order_steps (order_id, step, detail, created_at)
    values (${order}, ${step}, ${detail}, ${new Date().toISOString()})`
  return detail
}

const inventory = Inventory.implement({
  reserve: (context, { order, count }) => record(context, { order, step: 'reserve', detail: `res-${order}-${count}` }),
  confirm: (context, { order, reservation }) =>
    record(context, { order, step: 'confirm', detail: `confirmed-${reservation}` }),
})

const payments = Payments.implement({
  charge: (context, { order, amount }) => record(context, { order, step: 'charge', detail: `tx-${order}-${amount}` }),
})

export const orderWorkflow = OrderWorkflow.implement({
  groups: [inventory, payments],
  activities: {
    summarize: (context, { order, summary }) => record(context, { order, step: 'summary', detail: summary }),
  },
  run: async (ctx, { id: order, item_count: count, amount }) => {
    const reservation = await ctx.reserve({ order, count })
    const transaction = await ctx.charge({ order, amount })
    const confirmation = await ctx.confirm({ order, reservation })
    const summary = `order=${order},res=${reservation},tx=${transaction}`
    await ctx.summarize({ order, summary })
    return { order_id: order, reservation_id: reservation, transaction_id: transaction, confirmation, summary }
  },
})
