import { parseArgs } from 'node:util'
import { CliError } from './cli-error.ts'
import type { Command } from './command.ts'
import { gameCommands } from './game-commands.ts'
import { otherCommands } from './other-commands.ts'
import { playerCommands } from './player-commands.ts'
import type { Options } from './session.ts'

const commands: readonly Command[] = [...playerCommands, ...gameCommands, ...otherCommands]

const width = Math.max(...commands.map(({ usage }) => usage.length))

export const help = `Plays chess on a server of Cruster Chess.

  chess <command> [options]

${commands.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`).join('\n')}

Options:
  --url <url>            the server; else CHESS_URL, else http://127.0.0.1:3000
  --player <id>          who you are; else who registered here last
  --game <id>            which game; else the one that you play
  --time-control <m+s>   minutes + seconds per move, 5+3 if not said
  --min-rating <n>, --max-rating <n>   of opponents
  --limit <n>, --range <n>, --legal, --no-wait
  --json                 answers as JSON

It ends with 0 when it worked, 1 when the server refused or is away, 2 when the command was not understood.`

/** What the user typed, understood. */
export interface Understood {
  readonly command: Command
  readonly args: readonly string[]
  readonly options: Options
}

/** @throws CliError when it is no command. */
export function findCommand(argv: readonly string[]): Understood | 'help' {
  const { positionals, values } = parsed(argv)
  if (values.help === true || positionals.length === 0) return 'help'
  const command = commands.find(({ usage }) => isPrefix(wordsOf(usage), positionals))
  if (command === undefined) throw new CliError(`There is no command "${positionals.join(' ')}".\n\n${help}`, 2)
  const args = positionals.slice(wordsOf(command.usage).length)
  const places = command.usage.split(' ').filter((word) => /^[<[]/.test(word))
  const needed = places.filter((word) => word.startsWith('<')).length
  if (args.length < needed || args.length > places.length) throw new CliError(`Usage: chess ${command.usage}`, 2)
  return { command, args, options: values }
}

/** The words of a usage that are typed as they are. */
function wordsOf(usage: string): readonly string[] {
  return usage.split(' ').filter((word) => !/^[<[]/.test(word))
}

function isPrefix(words: readonly string[], of: readonly string[]): boolean {
  return words.every((word, index) => of[index] === word)
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        url: text,
        player: text,
        game: text,
        'time-control': text,
        'min-rating': text,
        'max-rating': text,
        limit: text,
        range: text,
        legal: flag,
        'no-wait': flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    })
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), 2)
  }
}
