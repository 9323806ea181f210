import { parseSize } from '../metrics/size.ts'
import { parseTargets } from '../remote/outbound.ts'
import { USUAL } from '../service/arn.ts'
import { parseWebhooks } from './notifications/webhook-setting.ts'
import { blocksOf, hostsOf, originsOf } from './setting-lists.ts'
import { UsageError } from './usage-error.ts'

/**
 * Every setting of `standpipe start`, once: its flag, its environment variable, its default, how its text is read and
 * what it does. The type, the parser, the help and the documentation's table are all derived from this table.
 */

export { UsageError }

export interface Row<T> {
  readonly flag: string
  /** What stands for the value in the help; a switch has none. */
  readonly value?: string
  readonly initial: T
  /** Taken from the environment only, since everybody sees the flags of a process; and never printed. */
  readonly isSecret?: true
  /** What it is of is nobody's business but the server's: it is not printed either. */
  readonly isPrivate?: true
  /** The flag may be given several times. */
  readonly isList?: true
  /** Undefined when the text means nothing here. */
  parse(text: string): T | undefined
  readonly doc: string
}

const row = <T>(row: Row<T>): Row<T> => row
const isTrue = /^(1|true|yes|on)$/i
const isFalse = /^(0|false|no|off|)$/i
const fitting = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined)
const oneOf =
  <const V extends string>(...values: readonly V[]) =>
  (text: string): V | undefined =>
    values.find((value) => value === text)
const anyText = (text: string): string | undefined => text || undefined
/** A switch turns `initial` over. */
const switched = (initial: boolean) => (text: string) =>
  isTrue.test(text) ? !initial : isFalse.test(text) ? initial : undefined

type About = Pick<Row<readonly string[]>, 'parse' | 'doc' | 'isPrivate'>

const list = (flag: string, value: string, about: About) =>
  row<readonly string[]>({ flag, value: `${value},…`, initial: [], isList: true, ...about })

const secret = (flag: string, doc: string) =>
  row<string | undefined>({ flag, initial: undefined, isSecret: true, parse: anyText, doc })

function portOf(text: string): number | undefined {
  const port = Number(text)
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined
}

const sizeFrom = (leastBytes: number, tooSmall: (text: string) => string) => (text: string) => {
  const sizeBytes = parseSize(text)
  if (sizeBytes !== undefined && sizeBytes < leastBytes) throw new UsageError(tooSmall(text))
  return sizeBytes
}

const maxInFlightOf = sizeFrom(2 ** 20, (text) => `--max-in-flight cannot be '${text}': the least is 1MiB`)

/** The log alone needs its files twice now and then (engine/embedded/files/folder-bound.ts). */
const maxDiskOf = sizeFrom(
  256 * 2 ** 20,
  (text) => `--max-disk cannot be '${text}': a data folder needs 256MiB`,
)

function s3EndpointOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, search, hash } = new URL(text)
  if (username || password)
    throw new UsageError(
      'the keys for --s3-endpoint are not in its URL but in STANDPIPE_S3_ACCESS_KEY_ID and STANDPIPE_S3_SECRET_ACCESS_KEY',
    )
  return /^https?:$/.test(protocol) && !search && !hash ? text : undefined
}

export const SETTINGS = {
  port: row<number>({
    flag: 'port',
    value: 'N',
    initial: 4566,
    parse: portOf,
    doc: 'the one port; 0 takes a free one',
  }),
  host: row<string>({
    flag: 'host',
    value: 'ADDRESS',
    initial: '127.0.0.1',
    parse: anyText,
    doc: 'the address to listen on; without --auth or keys signatures are not verified, so that one that others reach takes --insecure',
  }),
  insecure: row<boolean>({
    flag: 'insecure',
    initial: false,
    parse: switched(false),
    doc: 'let everybody in who reaches --host: they may do everything',
  }),
  allowOrigin: list('allow-origin', 'ORIGIN', {
    parse: originsOf,
    doc: 'let pages of these origins, such as http://localhost:5173, call the AWS services',
  }),
  allowHost: list('allow-host', 'NAME', {
    parse: hostsOf,
    doc: 'answer under these names, too; *.NAME for all below one',
  }),
  trustedProxy: list('trusted-proxy', 'CIDR', {
    parse: blocksOf,
    doc: 'believe X-Forwarded-For and X-Forwarded-Proto of these proxies',
  }),
  data: row<string>({
    flag: 'data',
    value: 'DIR',
    initial: './.standpipe',
    parse: anyText,
    doc: 'the data folder',
  }),
  maxDisk: row<number | undefined>({
    flag: 'max-disk',
    value: 'SIZE',
    initial: undefined,
    parse: maxDiskOf,
    doc: 'what the data folder may take at most, such as 10GiB: then writes are refused as on a full disk, until something is deleted',
  }),
  acceptDataLoss: row<boolean>({
    flag: 'accept-data-loss',
    initial: false,
    parse: switched(false),
    doc: 'start although files of the data folder are missing or damaged: what is lost is printed, the rest is served',
  }),
  ephemeral: row<boolean>({
    flag: 'ephemeral',
    initial: false,
    parse: switched(false),
    doc: 'keep everything in memory and lose it at the end',
  }),
  clock: row<'real' | 'manual'>({
    flag: 'clock',
    value: 'real|manual',
    initial: 'real',
    parse: oneOf('real', 'manual'),
    doc: 'manual: time stands still until it is moved',
  }),
  timeTravel: row<boolean>({
    flag: 'no-time-travel',
    initial: true,
    parse: switched(true),
    doc: 'refuse to move the clock',
  }),
  limits: row<'aws' | 'off' | undefined>({
    flag: 'limits',
    value: 'aws|off',
    initial: undefined,
    parse: oneOf('aws', 'off'),
    doc: 'aws: throttle as AWS does, per shard and delivery stream; the default unless the clock is manual',
  }),
  maxInFlight: row<number | undefined>({
    flag: 'max-in-flight',
    value: 'SIZE',
    initial: undefined,
    parse: maxInFlightOf,
    doc: 'what requests may hold in memory together, such as 64MiB: beyond it they wait, and after 5 s are throttled; by default a quarter of the memory, and at most 128MiB',
  }),
  tlsCert: row<string | undefined>({
    flag: 'tls-cert',
    value: 'FILE',
    initial: undefined,
    parse: anyText,
    doc: 'the certificate for https (PEM), with --tls-key; without it one is made, whose authority is /_standpipe/ca.pem',
  }),
  tlsKey: row<string | undefined>({
    flag: 'tls-key',
    value: 'FILE',
    initial: undefined,
    parse: anyText,
    doc: 'the key of --tls-cert (PEM)',
  }),
  account: row<string>({
    flag: 'account',
    value: 'ID',
    initial: USUAL.account,
    parse: fitting(/^\d{12}$/),
    doc: 'the account of callers whose access key is not a 12-digit account itself',
  }),
  region: row<string>({
    flag: 'region',
    value: 'NAME',
    initial: USUAL.region,
    parse: fitting(/^[a-z]{2,}(-[a-z]+)+-\d+$/),
    doc: 'the region of callers who sign for none',
  }),
  s3Endpoint: row<string | undefined>({
    flag: 's3-endpoint',
    value: 'URL',
    initial: undefined,
    parse: s3EndpointOf,
    doc: 'deliver to this S3 (AWS, MinIO, Garage, Ceph…) instead of the embedded one',
  }),
  allowTarget: row<string | undefined>({
    flag: 'allow-target',
    value: 'HOST,CIDR,…',
    initial: undefined,
    parse: (text) => parseTargets(text) && text,
    doc: 'names and networks that are not public and that a closed server calls all the same',
  }),
  webhook: list('webhook', 'NAME=URL', {
    parse: parseWebhooks,
    isPrivate: true,
    doc: 'a URL that buckets may tell of events, as arn:standpipe:webhook:::NAME (docs/events.md)',
  }),
  auth: row<string | undefined>({
    flag: 'auth',
    value: 'FILE',
    initial: undefined,
    parse: anyText,
    doc: 'closed: the keys that are taken, every request verified (docs/access.md); read again on SIGHUP',
  }),
  openMetrics: row<boolean>({
    flag: 'open-metrics',
    initial: false,
    parse: switched(false),
    doc: 'closed: /_standpipe/metrics needs no key',
  }),
  accessLog: row<string | undefined>({
    flag: 'access-log',
    value: 'FILE|-',
    initial: undefined,
    parse: anyText,
    doc: 'one line of JSON for each request, without payloads; opened anew on SIGHUP; - is standard output',
  }),
  s3Region: row<string>({
    flag: 's3-region',
    value: 'NAME',
    initial: 'us-east-1',
    parse: anyText,
    doc: 'the region of --s3-endpoint',
  }),
  s3VirtualHost: row<boolean>({
    flag: 's3-virtual-host',
    initial: false,
    parse: switched(false),
    doc: 'the bucket in the host name of --s3-endpoint instead of in the path',
  }),
  s3AccessKeyId: secret('s3-access-key-id', 'the key for --s3-endpoint'),
  s3SecretAccessKey: secret('s3-secret-access-key', 'the secret for --s3-endpoint'),
  s3SessionToken: secret('s3-session-token', 'the session token for --s3-endpoint, with temporary keys'),
  logLevel: row<'error' | 'warn' | 'info' | 'debug'>({
    flag: 'log-level',
    value: 'error|warn|info|debug',
    initial: 'info',
    parse: oneOf('error', 'warn', 'info', 'debug'),
    doc: 'what to log, on standard error',
  }),
}

/** What later versions will take: refused by name until then. */
export const NOT_YET = {
  engine: { flag: 'engine', value: 'nats://…' },
} as const

type Table = typeof SETTINGS
export type SettingName = keyof Table
type ValueOf<R> = R extends Row<infer T> ? T : never
export type Settings = { readonly [K in SettingName]: ValueOf<Table[K]> }

/** A clock that stands still would never let a throttled caller in again. */
export const limitsOf = ({ limits, clock }: Pick<Settings, 'limits' | 'clock'>): 'aws' | 'off' =>
  limits ?? (clock === 'manual' ? 'off' : 'aws')

const rows = Object.entries(SETTINGS) as [SettingName, Row<unknown>][]

export const defaultSettings = Object.fromEntries(
  rows.map(([name, { initial }]) => [name, initial]),
) as unknown as Settings

export const envNameOf = (flag: string): string => `STANDPIPE_${flag.replaceAll('-', '_').toUpperCase()}`

/** The settings from flags as node:util's parseArgs gives them, then the environment, then the defaults. */
export function parseSettings(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  for (const { flag } of Object.values(NOT_YET)) {
    const source = flags[flag] !== undefined ? `--${flag}` : env[envNameOf(flag)] && envNameOf(flag)
    if (source) throw new UsageError(`${source} is not there yet in this version`)
  }
  const settings = Object.fromEntries(rows.map(([name, row]) => [name, settingOf(row, flags[row.flag], env)]))
  if ((settings.tlsCert === undefined) !== (settings.tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key go together: give both or neither')
  if (settings.maxDisk !== undefined && settings.ephemeral)
    throw new UsageError('--max-disk bounds a data folder, and with --ephemeral there is none')
  return settings as unknown as Settings
}

function settingOf(
  { flag, value, initial, isSecret, isPrivate, parse }: Row<unknown>,
  flagValue: unknown,
  env: Readonly<Record<string, string | undefined>>,
): unknown {
  const given = isSecret ? undefined : flagValue
  if (given === true) return !initial
  const fromEnv = given === undefined
  const text = fromEnv ? env[envNameOf(flag)] : String(given)
  if (text === undefined || (fromEnv && text === '')) return initial
  const parsed = parse(text)
  if (parsed !== undefined) return parsed
  const source = fromEnv ? envNameOf(flag) : `--${flag}`
  const shown = isPrivate ? 'that' : `'${text}'`
  throw new UsageError(`${source} cannot be ${shown}: it takes ${value ?? 'true or false'}`)
}

/** What may be shown of them. */
export const withoutSecrets = (settings: Settings): Partial<Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => isShown(SETTINGS[name as SettingName])))

const isShown = ({ isSecret, isPrivate }: Row<unknown>): boolean => !isSecret && !isPrivate

/** The rows as a user reads them: flag (a secret has none), what it does, environment variable and default. */
export const settingRows = (names: readonly SettingName[] = rows.map(([name]) => name)) =>
  names.map((name) => {
    const { flag, value, initial, isSecret, doc }: Row<unknown> = SETTINGS[name]
    const standard = typeof initial === 'boolean' || initial === undefined ? '' : String(initial)
    const text = isSecret ? '' : `--${flag}${value ? ` ${value}` : ''}`
    return { flag: text, doc, env: envNameOf(flag), initial: standard }
  })

/** The documentation's table, in Markdown. */
export const settingsTable = (): string =>
  [
    '| Flag | Environment | Default | |',
    '|---|---|---|---|',
    ...settingRows().map(
      ({ flag, env, initial, doc }) =>
        `| ${flag && `\`${flag.replaceAll('|', '\\|')}\``} | \`${env}\` | ${initial && `\`${initial}\``} | ${doc} |`,
    ),
  ].join('\n')
