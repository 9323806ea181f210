import { UsageError } from '../server/config.ts'
import { type Command, CommandFailure, EXIT, type Terminal } from './command.ts'
import { closest, parseCommandLine } from './command-line.ts'
import { backup } from './commands/backup.ts'
import { clock } from './commands/clock.ts'
import { cost } from './commands/cost.ts'
import { deliver } from './commands/deliver.ts'
import { doctor } from './commands/doctor.ts'
import { env } from './commands/env.ts'
import { commandHelp, helpOn, helpText } from './commands/help.ts'
import { keys } from './commands/keys.ts'
import { lab } from './commands/lab.ts'
import { landed } from './commands/landed.ts'
import { put } from './commands/put.ts'
import { quota } from './commands/quota.ts'
import { reset } from './commands/reset.ts'
import { space } from './commands/space.ts'
import { start } from './commands/start.ts'
import { status } from './commands/status.ts'
import { tail } from './commands/tail.ts'
import { version } from './commands/version.ts'

/** In the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  start,
  env,
  status,
  lab,
  tail,
  put,
  deliver,
  clock,
  landed,
  cost,
  space,
  quota,
  keys,
  backup,
  reset,
  doctor,
  version,
  helpOn(() => COMMANDS),
]

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
