import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from '@cruster/testing'
import type { World } from '../world.ts'
import { drawFault } from './draw-fault.ts'
import { describeFault, type Fault, type FaultKind } from './fault.ts'
import { playFault, takenBy } from './fault-player.ts'

export interface WeatherOptions {
  readonly dice: Dice
  readonly kinds: readonly FaultKind[]
  /** No fault begins after that; those under way are undone. */
  readonly until: AbortSignal
  readonly onFault: (fault: Fault, text: string) => void
}

/** How many faults may be under way at once. */
const lanes = 2

/** Lets faults happen, drawn from the dice, and resolves when the last one is undone. */
export async function weather(world: World, options: WeatherOptions): Promise<void> {
  const taken = new Set<string>()
  const lane = async (dice: Dice): Promise<void> => {
    while (!options.until.aborted) {
      await pause(dice.between(300, 3500), options.until)
      const fault = drawFault(dice, { ...options, runners: world.runners.length, clients: world.clients.length })
      const mine = takenBy(fault)
      if (taken.has(mine) || options.until.aborted) continue
      taken.add(mine)
      options.onFault(fault, describeFault(fault))
      try {
        await playFault(world, fault)
      } finally {
        taken.delete(mine)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(options.dice.named(`lane ${index}`))))
}

async function pause(ms: number, until: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: until }).catch(() => 'it is over')
}
