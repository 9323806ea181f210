import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { defaultSettings, type Settings } from '../server/config.ts'
import { askHealth, askPatiently, type Health, isRunning } from './client.ts'
import { CommandFailure } from './command.ts'
import { endpointOf, type ServerAddress } from './server-address.ts'
import { bytesText, clockText, countText } from './terminal-text.ts'

/** One line of the doctor's; where it is not `ok`, the text ends with the remedy. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  readonly subject: string
  readonly text: string
}

export const ok = (subject: string, text: string): Finding => ({ state: 'ok', subject, text })
export const warn = (subject: string, text: string): Finding => ({ state: 'warn', subject, text })
export const fail = (subject: string, text: string): Finding => ({ state: 'fail', subject, text })

/** Whether version `a` is at least `b`, both `1.2.3`. */
export function isAtLeast(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (const [index, wanted] of (right ?? []).entries()) {
    const got = left?.[index] ?? 0
    if (got !== wanted) return got > wanted
  }
  return true
}

type Env = Readonly<Record<string, string | undefined>>

/** Whether AWS clients that are started from this shell will come here, and with keys; a closed server has none to give. */
export function checkEnvironment(
  env: Env,
  settings: Pick<Settings, 'host' | 'port'>,
  isClosed = false,
): Finding[] {
  const remedy = remedyFor(settings)
  return [
    checkEndpoint(env, endpointOf(settings), remedy),
    ...checkOverrides(env),
    checkKeys(
      env,
      isClosed ? "put in a key of the server's ('standpipe keys add' makes one)" : remedy,
      remedy,
    ),
  ]
}

function remedyFor({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  const where = [
    ...(host === defaultSettings.host ? [] : [` --host ${host}`]),
    ...(port === defaultSettings.port ? [] : [` --port ${port}`]),
  ]
  return `run eval "$(npx standpipe env${where.join('')})"`
}

function checkEndpoint(
  { AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS }: Env,
  endpoint: string,
  remedy: string,
): Finding {
  const subject = 'AWS_ENDPOINT_URL'
  if (!AWS_ENDPOINT_URL) return warn(subject, `not set: clients would go to AWS itself; ${remedy}`)
  if (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true')
    return warn(subject, 'ignored, since AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true: unset that')
  const [set, own] = [AWS_ENDPOINT_URL, endpoint].map((url) => url.replace('//localhost', '//127.0.0.1'))
  // The same port speaks https.
  if (set?.replace(/\/$/, '').replace(/^https:/, 'http:') === own) return ok(subject, AWS_ENDPOINT_URL)
  return warn(subject, `is ${AWS_ENDPOINT_URL}, not ${endpoint}: ${remedy}, or give --host and --port`)
}

/** A service's own endpoint beats the general one. */
const checkOverrides = (env: Env): Finding[] =>
  ['KINESIS', 'FIREHOSE', 'S3', 'STS']
    .map((service) => `AWS_ENDPOINT_URL_${service}`)
    .filter((name) => env[name] && env[name] !== env.AWS_ENDPOINT_URL)
    .map((name) => warn(name, `is ${env[name]} and goes before AWS_ENDPOINT_URL: unset it`))

function checkKeys(env: Env, remedy: string, regionRemedy: string): Finding {
  const isComplete = env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
  if (!isComplete) return warn('keys', `AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: ${remedy}`)
  if (!(env.AWS_REGION || env.AWS_DEFAULT_REGION)) return warn('region', `not set: ${regionRemedy}`)
  return ok('keys', `set, region ${env.AWS_REGION ?? env.AWS_DEFAULT_REGION}`)
}

const run = promisify(execFile)
const TIMEOUT_MS = 10_000

interface Client {
  readonly name: string
  readonly command: readonly [file: string, ...args: string[]]
  /** From this version on AWS_ENDPOINT_URL is understood, by major version. */
  readonly since: Readonly<Record<string, string>>
}

const CLIENTS: readonly Client[] = [
  { name: 'aws', command: ['aws', '--version'], since: { 1: '1.29.0', 2: '2.13.0' } },
  {
    name: 'boto3',
    command: ['python3', '-c', 'import boto3; print(boto3.__version__)'],
    since: { 1: '1.28.0' },
  },
  { name: 'terraform', command: ['terraform', 'version'], since: {} },
]

/** Which clients the environment's PATH has, and whether they are new enough to be pointed here by the environment. */
export const checkClients = (env: Env): Promise<Finding[]> =>
  Promise.all(CLIENTS.map((client) => check(client, env)))

async function check({ name, command: [file, ...args], since }: Client, env: Env): Promise<Finding> {
  try {
    const { stdout } = await run(file, args, { env, timeout: TIMEOUT_MS })
    const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? ''
    const needed = since[version.split('.')[0] ?? '']
    return needed && !isAtLeast(version, needed)
      ? warn(
          name,
          `${version} does not read AWS_ENDPOINT_URL: install ${needed} or newer, or use --endpoint-url`,
        )
      : ok(name, version)
  } catch {
    return ok(name, 'not installed')
  }
}

const LITTLE_SPACE_BYTES = 2 ** 30

interface DataFolderOptions {
  /** The data folder of the server that answers. */
  readonly usedByServer?: string | undefined
  /** Reads everything in it, unless the server does. */
  readonly verify?: boolean
}

/** Whether the data folder can be used. */
export async function checkDataFolder(
  data: string,
  { usedByServer, verify = false }: DataFolderOptions = {},
): Promise<Finding[]> {
  const folder = resolve(data)
  const existing = await firstExisting(folder)
  const space = await checkSpace(existing)
  if (usedByServer !== undefined && resolve(usedByServer) === folder)
    return [ok('data', `${folder}, in use by the running server`), ...(await checkMode(folder)), space]
  if (!(await isWritable(existing)))
    return [fail('data', `${existing} is not writable: change its owner, or give --data`), space]
  if (existing !== folder) return [ok('data', `${folder} will be made by the first start`), space]
  const modes = await checkMode(folder)
  const { inspectDataFolder } = await import('../server/stored-data.ts')
  const trouble = await inspectDataFolder(folder, verify)
  if (trouble !== undefined)
    return [...trouble.split('\n').map((line) => fail('data', line)), ...modes, space]
  const read = verify ? ', and all that is in it was read and is as it was written' : ''
  return [ok('data', `${folder}, free to be used${read}`), ...modes, space]
}

/** Windows reports no modes. */
async function checkMode(folder: string): Promise<Finding[]> {
  const mode = (await stat(folder)).mode & 0o777
  if (process.platform === 'win32' || (mode & 0o077) === 0) return []
  const text = `${folder} has mode ${mode.toString(8)}, others than its owner can read it: chmod 700 it, or start the server, which does`
  return [warn('data', text)]
}

async function checkSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bytesText(bavail * bsize)
  return bavail * bsize >= LITTLE_SPACE_BYTES
    ? ok('disk', `${free} free`)
    : warn('disk', `${free} free: make room; when there is none, writes are refused`)
}

/** The folder itself or its nearest parent that is there. */
async function firstExisting(folder: string): Promise<string> {
  if (dirname(folder) === folder || (await isThere(folder))) return folder
  return firstExisting(dirname(folder))
}

const passes = (folder: string, mode: number) =>
  access(folder, mode).then(
    () => true,
    () => false,
  )
const isThere = (folder: string) => passes(folder, constants.F_OK)
const isWritable = (folder: string) => passes(folder, constants.W_OK | constants.X_OK)

/** Whether a server answers, and if not, whether the port is free for one. */
export async function checkServer(
  server: ServerAddress,
): Promise<{ readonly findings: readonly Finding[]; readonly health?: Health; readonly isRunning: boolean }> {
  if (!(await isRunning(server))) return { findings: [await checkPort(server)], isRunning: false }
  try {
    const health = await askHealth(server)
    const { version, status, problems, clock } = health
    return {
      health,
      isRunning: true,
      findings: [
        status === 'ok'
          ? ok('server', `Standpipe ${version} answers on ${endpointOf(server)}, ${health.access}`)
          : fail('server', `Standpipe ${version} is ${status}`),
        ...problems.map(({ where, what }) => fail(where, what)),
        ...(health.hints ?? []).map((hint) => warn('region', hint)),
        clock.offsetMs === 0
          ? ok('clock', clockText(clock))
          : warn('clock', `${clock.now}, ${clockText(clock)}; it stays ahead over restarts`),
      ],
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    const text = `one answers on ${endpointOf(server)}, but ${error.message}`
    return { findings: [warn('server', text)], isRunning: true }
  }
}

interface Verification {
  readonly documents: number
  readonly blobs: number
  readonly unverifiable: number
  readonly bytes: number
  readonly damaged: readonly { readonly where: string; readonly what: string }[]
}

/** Has a running server read all that it keeps on disk. */
export async function verifyServer(server: ServerAddress): Promise<Finding[]> {
  const { documents, blobs, unverifiable, bytes, damaged } = await askPatiently<Verification>(
    server,
    'api/verify',
    {},
  )
  if (damaged.length > 0) return damaged.map(({ where, what }) => fail(where, what))
  const unknown = unverifiable > 0 ? `; of ${unverifiable} nobody kept checksums` : ''
  return [
    ok(
      'verified',
      `${countText(documents, 'document')} and ${countText(blobs, 'blob')}, ${bytesText(bytes)} in all, are as they were written${unknown}`,
    ),
  ]
}

async function checkPort({ host, port }: ServerAddress): Promise<Finding> {
  const code = await listenOnce(host, port)
  if (code === undefined) return warn('server', `not running; port ${port} is free: run 'standpipe start'`)
  if (code === 'EADDRINUSE')
    return fail('port', `${port} is taken by something that is not Standpipe: stop it, or give --port`)
  return fail('port', `${host}:${port} cannot be listened on (${code}): give another --host or --port`)
}

/** The code of the error, if listening fails. */
const listenOnce = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
