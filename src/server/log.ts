import type { WideMode } from '../engine/embedded/files/private-files.ts'
import { EngineError, isEngineError } from '../engine/ports/engine.ts'

/** From the most to the least urgent. */
const LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LEVELS)[number]

type Fields = Readonly<Record<string, unknown>>
export type Log = Readonly<Record<LogLevel, (message: string, fields?: Fields) => void>>

export interface LogOptions {
  /** Logs this level and the more urgent ones. */
  readonly level: LogLevel
  /** `human`: a line to read; `json`: one JSON object per line. */
  readonly format: 'human' | 'json'
  /** Takes one line, with its newline. */
  write(line: string): void
  /** Machine time, ms since 1970. */
  now(): number
}

export function createLog({ level, format, write, now }: LogOptions): Log {
  const most = LEVELS.indexOf(level)
  const print = format === 'json' ? jsonLine : humanLine
  const at =
    (own: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (LEVELS.indexOf(own) <= most)
        write(`${print(new Date(now()).toISOString(), own, message, fields)}\n`)
    }
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

const jsonLine = (time: string, level: LogLevel, message: string, fields: Fields) =>
  JSON.stringify({ time, level, message, ...fields })

const humanLine = (time: string, level: LogLevel, message: string, fields: Fields) =>
  [time.slice(11, 23), level.padEnd(5), message, ...Object.entries(fields).map(humanField)].join(' ')

const humanField = ([name, value]: [string, unknown]) =>
  `${name}=${typeof value === 'string' && !/[\s"]/.test(value) ? value : JSON.stringify(value)}`

/** For who does not want to hear. */
export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} }

const NO_REQUEST = { requestId: '', account: '', asked: '' }

/** Places that are damaged, of which each is said once. */
const MOST_SAID = 1_000

/**
 * Hears of every error that is no answer. One of the engine's is no bug of ours, and its stack tells nothing: it is one
 * line, and for a place that is damaged only the first time, however many requests meet it (the engine has said it to
 * the problems). Of the rest the stack is what is wanted. With it stands which request it was.
 */
export function unexpectedErrors(
  log: Pick<Log, 'error' | 'warn'>,
): (error: unknown, request?: Readonly<Record<'requestId' | 'account' | 'asked', string>>) => void {
  const said = new Set<string>()
  return (error, { requestId, account, asked: operation } = NO_REQUEST) => {
    // The engine has said to the problems that there is no room, once for all who meet it.
    if (isEngineError(error, 'StorageFull')) return
    const request = requestId === '' ? {} : { requestId, operation, account }
    if (!(error instanceof EngineError))
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error), request)
    else {
      const { code, message } = error
      if (code === 'Damaged' && (said.has(message) || said.size >= MOST_SAID)) return
      if (code === 'Damaged') said.add(message)
      log.warn(message, { code, ...request })
    }
  }
}

/** Says which modes were too wide; the first of those found is the outermost. */
export const warnOfModes =
  (log: Pick<Log, 'warn'>) =>
  (found: readonly WideMode[]): void => {
    const left = found.find(({ failure }) => failure !== undefined)
    const { path, mode } = left ?? found[0]!
    const more = found.length > 1 ? ` (and ${found.length - 1} more)` : ''
    const what = `${path} had mode ${mode.toString(8)}${more}, so that others than its owner could read it`
    log.warn(left ? `${what}, and still can: ${left.failure}` : `${what}: narrowed to the owner`)
  }
