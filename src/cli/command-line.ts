import { parseArgs } from 'node:util'
import { NOT_YET, parseSettings, type Row, SETTINGS, type SettingName, UsageError } from '../server/config.ts'
import type { Call, Command, Flag, Terminal } from './command.ts'
import { serverAt } from './server-address.ts'

const GENERAL: Record<string, Flag> = {
  json: { doc: 'print JSON' },
  help: { doc: 'explain this command' },
}

/** What settings of `start` mean to commands that ask a server. */
const ASKED: Readonly<Partial<Record<SettingName, string>>> = {
  port: 'the port of the server (4566)',
  host: 'the address of the server (127.0.0.1)',
  region: 'the region that is meant (us-east-1)',
  account: "the account that is meant, unless it is the key's own",
}

/** Every flag that a command takes, by name. */
export function flagsOf(command: Command): Record<string, Flag> {
  const settings = command.settings.flatMap((name): [string, Flag][] => {
    const { flag, value, isSecret, isList, doc }: Row<unknown> = SETTINGS[name]
    const said = command.name === 'start' ? undefined : ASKED[name]
    return isSecret ? [] : [[flag, { ...(value && { value }), ...(isList && { isList }), doc: said ?? doc }]]
  })
  return { ...Object.fromEntries(settings), ...command.flags, ...GENERAL }
}

/** What a command is called with. Throws UsageError. */
export function parseCommandLine(
  command: Command,
  argv: readonly string[],
  terminal: Terminal,
): Call & { readonly help: boolean } {
  const flags = flagsOf(command)
  const refused = command.settings.includes('data') ? Object.values(NOT_YET) : []
  const known = { ...flags, ...Object.fromEntries(refused.map((row) => [row.flag, row as Partial<Flag>])) }
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(
        Object.entries(known).map(([name, { value, isList = false }]) => [
          name,
          { type: value ? ('string' as const) : ('boolean' as const), multiple: isList },
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens)
    if (token.kind === 'option') checkFlag(token.rawName, token.name, token.value, known)
  const help = values.help === true
  if (!help) checkArgs(command.args, positionals)
  const settings = parseSettings(values, terminal.env)
  return {
    ...terminal,
    settings,
    server: serverAt(settings, terminal.env),
    flags: values as Call['flags'],
    args: positionals,
    json: values.json === true,
    help,
  }
}

function checkFlag(
  raw: string,
  name: string,
  value: string | undefined,
  known: Readonly<Record<string, Partial<Flag>>>,
) {
  const flag = Object.hasOwn(known, name) ? known[name] : undefined
  if (!flag) {
    const meant = closest(name, Object.keys(known))
    throw new UsageError(`there is no flag ${raw}${meant ? `; did you mean --${meant}?` : ''}`)
  }
  if (flag.value && value === undefined) throw new UsageError(`--${name} needs a value: ${flag.value}`)
  if (!flag.value && value !== undefined) throw new UsageError(`--${name} takes no value`)
}

function checkArgs(usage: string, args: readonly string[]): void {
  const names = usage.split(' ').filter(Boolean)
  const missing = names.slice(args.length).find((name) => !name.startsWith('['))
  if (missing) throw new UsageError(`${missing} is missing`)
  const extra = args[names.length]
  if (extra !== undefined && !usage.includes('…')) throw new UsageError(`'${extra}' is one argument too many`)
}

/** The candidate that a mistyped word most likely means: a third of its letters may be wrong. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.ceil(candidate.length / 3))
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.candidate
}

/** Letters to insert, delete or replace (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
