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
