import { TestCluster } from '@cruster/testing'
import type { ChessClients } from '../src/chess-clients.ts'
import { chessClients } from '../src/chess-clients.ts'
import { chessEntities } from '../src/chess-entities.ts'
import type { ChessTime } from '../src/chess-time.ts'
import { parseTimeControl } from '../src/game/time-control.ts'

/** The entities of the application on runners in memory, all on one time that the test moves. */
export class ChessCluster implements AsyncDisposable {
  readonly cluster: TestCluster
  readonly clients: ChessClients
  #games = 0

  private constructor(cluster: TestCluster) {
    this.cluster = cluster
    this.clients = chessClients(cluster)
  }

  static async start(runners = 1, { retentionDays = 30 } = {}): Promise<ChessCluster> {
    // Entities are registered before the cluster has its clock.
    let cluster: TestCluster | undefined
    const time: ChessTime = {
      now: () => cluster?.clock.now() ?? 0,
      setTimer: (delayMs, callback) => cluster!.clock.setTimer(delayMs, callback),
    }
    const register = chessEntities({ time, runner: 'test', retentionDays })
    cluster = await TestCluster.start({ runners, register })
    return new ChessCluster(cluster)
  }

  /** Registers a player under an id made of a number. */
  async player(number: number): Promise<string> {
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    await this.clients.profile(id).register({ username: `player ${number}` })
    return id
  }

  /** Starts a game between two new players. */
  async game(control = '5+0'): Promise<{ gameId: string; white: string; black: string }> {
    const number = (this.#games += 1)
    const [white, black] = [await this.player(number * 10 + 1), await this.player(number * 10 + 2)]
    const gameId = `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`
    const timeControl = parseTimeControl(control)!
    await this.clients.game(gameId).create({ white, black, timeControl, origin: 'challenge' })
    return { gameId, white, black }
  }

  /** How many messages wait to end a game on time. */
  async pendingTimeouts(gameId: string): Promise<number> {
    const filter = { type: 'ChessGame', id: gameId, method: 'flagFall', status: 'pending', limit: 100 } as const
    return (await this.cluster.storage.messages.list(filter)).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]()
  }
}
