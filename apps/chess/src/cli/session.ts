import type { ApiClient } from './api-client.ts'
import { game, player } from './api-shapes.ts'
import type { GameAnswer, PlayerAnswer } from './api-shapes.ts'
import { CliError } from './cli-error.ts'

/** Options of a command, as they were written. */
export type Options = Readonly<Record<string, string | boolean | undefined>>

export interface SessionParts {
  readonly api: ApiClient
  readonly options: Options
  /** Who the user was the last time. */
  readonly remembered: string | undefined
  readonly remember: (playerId: string) => void
  /** Prints a line at once, for commands that go on. */
  readonly say: (line: string) => void
}

/** One run of the program: who the user is, and which game is meant. */
export class Session {
  readonly api: ApiClient
  readonly options: Options
  readonly remember: (playerId: string) => void
  readonly say: (line: string) => void
  readonly #remembered: string | undefined

  constructor({ api, options, remembered, remember, say }: SessionParts) {
    this.api = api
    this.options = options
    this.remember = remember
    this.say = say
    this.#remembered = remembered
  }

  /** Undefined for somebody who is no player, and may watch. */
  get knownPlayer(): string | undefined {
    return this.text('player') ?? this.#remembered
  }

  /** @throws CliError when nobody has registered here, and no player is named. */
  get playerId(): string {
    const id = this.knownPlayer
    if (id !== undefined) return id
    throw new CliError('Who are you? Register with `chess player register <name>`, or say it with --player <id>.', 2)
  }

  /** The value of an option; undefined when it was not given. */
  text(option: string): string | undefined {
    const value = this.options[option]
    return typeof value === 'string' ? value : undefined
  }

  /** The value of an option that is a whole number. */
  number(option: string): number | undefined {
    const text = this.text(option)
    if (text === undefined) return undefined
    if (/^\d+$/.test(text)) return Number(text)
    throw new CliError(`--${option} must be a whole number; it is "${text}".`, 2)
  }

  player(id = this.playerId): Promise<PlayerAnswer> {
    return this.api.get(`/players/${encodeURIComponent(id)}`, player)
  }

  /** The game that is named, else the one that the player is in. */
  async gameId(given = this.text('game')): Promise<string> {
    if (given !== undefined) return given
    const { currentGameId } = await this.player()
    if (typeof currentGameId === 'string') return currentGameId
    throw new CliError('You are in no game. Name one with --game <id>, or find one with `chess match find`.')
  }

  async game(given?: string): Promise<GameAnswer> {
    return this.api.get(`/games/${encodeURIComponent(await this.gameId(given))}`, game)
  }
}
