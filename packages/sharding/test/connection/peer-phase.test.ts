import { describe, expect, it } from 'vitest'
import type { PeerEvent, PeerPhase } from '../../src/connection/peer-phase.ts'
import { nextPhase } from '../../src/connection/peer-phase.ts'

const phases: readonly PeerPhase[] = ['idle', 'connecting', 'open', 'backingOff', 'closed']
const events: readonly PeerEvent[] = ['asked', 'opened', 'failed', 'ended', 'rested', 'closed']

describe('the life of a peer', () => {
  it('has these transitions and no others', () => {
    const moves = phases.flatMap((from) =>
      events
        .map((event) => ({ event, to: nextPhase(from, event) }))
        .filter(({ to }) => to !== from)
        .map(({ event, to }) => `${from} --${event}--> ${to}`),
    )

    expect(moves).toEqual([
      'idle --asked--> connecting',
      'idle --closed--> closed',
      'connecting --opened--> open',
      'connecting --failed--> backingOff',
      'connecting --closed--> closed',
      'open --ended--> idle',
      'open --closed--> closed',
      'backingOff --rested--> idle',
      'backingOff --closed--> closed',
    ])
  })
})
