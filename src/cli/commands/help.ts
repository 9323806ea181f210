import { settingRows, UsageError } from '../../server/config.ts'
import { type Command, command } from '../command.ts'
import { flagsOf } from '../command-line.ts'
import { columns } from '../terminal-text.ts'

/** The command that explains `all` of them, itself among them. */
export const helpOn = (all: () => readonly Command[]): Command =>
  command({
    name: 'help',
    args: '[COMMAND]',
    doc: 'list the commands and the settings, or explain one command',
    settings: [],
    flags: {},
    async run({ args: [name], out, json }) {
      const asked = all().filter((row) => name === undefined || row.name === name)
      if (asked.length === 0) throw new UsageError(`there is no command '${name}'`)
      if (json) for (const { name, args, doc } of asked) out(JSON.stringify({ name, args, doc }))
      else out(name === undefined ? helpText(all()) : asked.map(commandHelp).join('\n'))
      return undefined
    },
  })

export const helpText = (commands: readonly Command[]): string =>
  [
    'Kinesis Data Streams, Data Firehose and S3 on your own machine.',
    '',
    'standpipe COMMAND [FLAGS]',
    ...columns(commands.map(({ name, args, doc }) => [`  ${name} ${args}`, doc])),
    '',
    'Settings of start, as flags or in the environment:',
    ...columns(
      settingRows().map(({ flag, env, initial, doc }) => [
        `  ${flag}`,
        env,
        initial ? `${doc} (${initial})` : doc,
      ]),
    ),
    '',
    'Every command takes --json and --help.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 port or data folder busy, 4 data of an unknown version, 5 data missing or damaged.',
  ].join('\n')

export const commandHelp = (command: Command): string =>
  [
    `standpipe ${command.name} ${command.args}`.trimEnd(),
    `  ${command.doc}`,
    '',
    ...columns(
      Object.entries(flagsOf(command)).map(([name, { value, doc }]) => [
        `  --${name}${value ? ` ${value}` : ''}`,
        doc,
      ]),
    ),
  ].join('\n')
