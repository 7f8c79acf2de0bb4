/**
 * The life of a peer, as the side that calls it sees it.
 *
 * | from \ on    | asked      | opened | failed      | ended | rested | closed |
 * |--------------|------------|--------|-------------|-------|--------|--------|
 * | `idle`       | connecting | –      | –           | –     | –      | closed |
 * | `connecting` | –          | open   | backingOff  | –     | –      | closed |
 * | `open`       | –          | –      | –           | idle  | –      | closed |
 * | `backingOff` | –          | –      | –           | –     | idle   | closed |
 * | `closed`     | –          | –      | –           | –     | –      | –      |
 *
 * A dash means: the phase stays. `closed` is final.
 */
export type PeerPhase = 'idle' | 'connecting' | 'open' | 'backingOff' | 'closed'

/**
 * `asked`: a call wants to go there. `opened`: connected and greeted. `failed`: no line could be had. `ended`: the line
 * is over. `rested`: the back-off is over. `closed`: nobody wants this peer any more.
 */
export type PeerEvent = 'asked' | 'opened' | 'failed' | 'ended' | 'rested' | 'closed'

const transitions: Readonly<Record<PeerPhase, Partial<Readonly<Record<PeerEvent, PeerPhase>>>>> = {
  idle: { asked: 'connecting', closed: 'closed' },
  connecting: { opened: 'open', failed: 'backingOff', closed: 'closed' },
  open: { ended: 'idle', closed: 'closed' },
  backingOff: { rested: 'idle', closed: 'closed' },
  closed: {},
}

/** The phase after an event; the same one when the event means nothing in it. */
export function nextPhase(phase: PeerPhase, event: PeerEvent): PeerPhase {
  return transitions[phase][event] ?? phase
}
