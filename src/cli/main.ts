import { UsageError } from '../config.ts'
import { closest } from './closest.ts'
import { CommandFailure, EXIT, type Terminal } from './command.ts'
import { parseCommandLine } from './command-line.ts'
import { COMMANDS } from './commands.ts'
import { commandHelp, helpText } from './help.ts'

/** Runs one command line; resolves with the exit code. Only our own errors get through. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = argv.map((arg, index) => (index === 0 ? commandNameOf(arg) : arg))
  const found = COMMANDS.find((command) => command.name === name)
  if (!found) {
    const meant = closest(
      name,
      COMMANDS.map((command) => command.name),
    )
    const hint = meant ? `did you mean 'standpipe ${meant}'?` : "'standpipe help' lists them"
    terminal.err(`standpipe: there is no command '${name}'; ${hint}`)
    return EXIT.usage
  }
  try {
    const call = parseCommandLine(found, rest, terminal)
    if (call.help) {
      terminal.out(name === 'help' ? helpText(COMMANDS) : commandHelp(found))
      return EXIT.ok
    }
    return (await found.run(call)) ?? EXIT.ok
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`standpipe ${name}: ${error.message}; see 'standpipe help ${name}'`)
      return EXIT.usage
    }
    if (!(error instanceof CommandFailure)) throw error
    terminal.err(`standpipe ${name}: ${error.message}`)
    return error.exitCode
  }
}

const commandNameOf = (arg: string): string =>
  arg === '--help' || arg === '-h' ? 'help' : arg === '--version' || arg === '-v' ? 'version' : arg
