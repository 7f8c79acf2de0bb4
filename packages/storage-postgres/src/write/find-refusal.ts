import type { Unit } from '@cruster/core/ports'
import type { Refusal } from '../decide/apply-operation.ts'
import { withSession } from '../session/with-session.ts'
import { decideLocked, type WriteContext } from './decide-locked.ts'

/** Why a unit would be refused now. Undefined when it would be applied. Changes nothing. */
export function findRefusal(context: WriteContext, unit: Unit): Promise<Refusal | undefined> {
  return withSession(context.sessions, 'reading why a unit was refused', async (session) => {
    const begun = session.run({ text: 'begin' })
    try {
      const [{ verdicts }] = await Promise.all([decideLocked(session, context, [unit]), begun])
      const [verdict] = verdicts
      return verdict?.kind === 'applied' ? undefined : verdict
    } finally {
      await session.run({ text: 'rollback' })
    }
  })
}
