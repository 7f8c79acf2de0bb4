import type { Law } from '../law.ts'
import { deliveryLaws } from './transport/delivery-laws.ts'
import { lineLaws } from './transport/line-laws.ts'
import { listenerLaws } from './transport/listener-laws.ts'
import type { TransportWorld } from './transport/transport-world.ts'

/** What every `Transport` promises: TR1 to TR7 of the port, a letter behind the number for further sides of a law. */
export const transportLaws: readonly Law<TransportWorld>[] = [...deliveryLaws, ...lineLaws, ...listenerLaws]
