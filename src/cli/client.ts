import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { defaultSettings, type Settings } from '../server/config.ts'
import { parseArn, USUAL, whereText } from '../service/arn.ts'
import { signRequest } from '../service/signing/sign-request.ts'
import { sha256Hex } from '../service/signing/signing-key.ts'
import { CommandFailure, machineClock } from './command.ts'
import { endpointOf, probe, type ServerAddress } from './server-address.ts'

/** Whose things our own API shall act on: the account is the server's own unless another one is given. */
export const scopeOf = ({ account, region }: Pick<Settings, 'account' | 'region'>): URLSearchParams =>
  new URLSearchParams({ region, ...(account !== defaultSettings.account && { account }) })

export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing'
  /** The severest of them, and how many there are in all. */
  readonly problems: readonly {
    readonly code: string
    readonly where: string
    readonly what: string
    readonly since: string
  }[]
  readonly problemCount: number
  /** Of those that are not listed, by code; an older server tells none. */
  readonly unlistedProblems?: Readonly<Record<string, number>>
  /** What a client may have got wrong; an older server tells none. */
  readonly hints?: readonly string[]
  readonly access: 'open' | 'closed'
  /** More than the server's own machine reaches the port. */
  readonly isExposed: boolean
  readonly version: string
  readonly account: string
  readonly region: string
  readonly clock: { readonly mode: 'real' | 'manual'; readonly now: string; readonly offsetMs: number }
  readonly limits: 'aws' | 'off'
  readonly durable: boolean
  readonly dataDir?: string
  /** Where delivery goes, unless to the S3 of the server itself. */
  readonly s3Endpoint?: string
}

/** What is wrong with a delivery stream or a channel, as far as the server says it to whoever asks. */
export function problemsOf(
  { problems = [] }: Partial<Health>,
  { name, arn }: { readonly name: string; readonly arn: string },
): Health['problems'] {
  const { account, region } = parseArn(arn) ?? USUAL
  const wheres = ['delivery stream', 'channel'].map((kind) => whereText(kind, { account, region, name }))
  return problems.filter(({ where }) => wheres.includes(where))
}

/** Asks a running server's own API. Fails in one line when nobody answers or the answer is an error. */
export async function ask<T>(server: ServerAddress, path: string, post?: object): Promise<T> {
  const { url, headers, body } = await signedRequest(server, path, post)
  const answer = await connect(url, {
    method: post ? 'POST' : 'GET',
    headers,
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  if (!answer.ok) throw failureOf(server, text, answer.status)
  return parsed<T>(server, text)
}

/** The certificate authority whose certificate a server shows, as PEM. Everybody may know it. */
export async function askAuthority(server: ServerAddress): Promise<string> {
  const answer = await connect(`${endpointOf(server)}/_standpipe/ca.pem`, {})
  const text = await answer.text()
  if (!answer.ok) throw failureOf(server, text, answer.status)
  if (text.startsWith('-----BEGIN CERTIFICATE-----')) return text
  throw notStandpipe(server)
}

/** What the server tells of itself. Fails where the key may not know. */
export async function askHealth(server: ServerAddress): Promise<Health> {
  const health = await ask<Partial<Health>>(server, 'health')
  if (health.version !== undefined) return health as Health
  const { accessKeyId } = await server.credentials()
  throw new CommandFailure(
    `the key ${accessKeyId} may not do standpipe:GetStatus${remedyOf('AccessDenied', server)}`,
  )
}

/** As `ask`, for what may take longer than the five minutes that fetch waits. */
export async function askPatiently<T>(server: ServerAddress, path: string, post: object): Promise<T> {
  const { url, headers, body } = await signedRequest(server, path, post)
  const asking = request(url, { method: 'POST', headers })
  // What goes wrong after the answer has begun is told by the answer, too.
  asking.on('error', () => undefined).end(body)
  const { status, answered } = await answerTo(asking).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') throw nobodyAnswers(url)
    throw new CommandFailure(`the server went away before it had answered (${error.message})`)
  })
  if (status !== 200) throw failureOf(server, answered, status)
  return parsed<T>(server, answered)
}

async function answerTo(asking: ClientRequest): Promise<{ status: number; answered: string }> {
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  return { status: answer.statusCode ?? 0, answered: await text(answer) }
}

function parsed<T>(server: ServerAddress, answered: string): T {
  try {
    return JSON.parse(answered)
  } catch {
    throw notStandpipe(server)
  }
}

const notStandpipe = (server: ServerAddress) =>
  new CommandFailure(`what answers on ${endpointOf(server)} is not Standpipe; choose another --port`)

const nobodyAnswers = (url: string) =>
  new CommandFailure(`nobody answers on ${new URL(url).origin}: run 'standpipe start' first, or give --port`)

/** A request to our own API as AWS's are made: what is ours is a service, too. */
async function signedRequest(server: ServerAddress, path: string, post: object | undefined) {
  const url = new URL(`${endpointOf(server)}/_standpipe/${path}`)
  const body = post && JSON.stringify(post)
  const headers = signRequest({
    method: post ? 'POST' : 'GET',
    url,
    headers: post ? { 'content-type': 'application/json' } : {},
    bodySha256: sha256Hex(body ?? ''),
    service: 'standpipe',
    region: server.region,
    credentials: await server.credentials(),
    now: machineClock.now(),
    pathEncoding: 'once more',
  })
  return { url: url.href, headers, body }
}

/** fetch, whose failure to connect is said in one line. */
export async function connect(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED') throw nobodyAnswers(url)
    throw new CommandFailure(`no answer from ${new URL(url).origin} (${codeOf(error)})`)
  }
}

/** Whether a server answers, be it to strangers. */
export const isRunning = async (server: ServerAddress): Promise<boolean> =>
  (await probe(server))?.status !== undefined

/** Whether a server runs that is meant: one on the port, unless --data names another folder than it uses. */
export async function servesFolder(
  server: ServerAddress,
  { data }: Pick<Settings, 'data'>,
): Promise<boolean> {
  if (!(await isRunning(server))) return false
  if (data === defaultSettings.data) return true
  const health = await askHealth(server).catch((error) => {
    if (error instanceof CommandFailure) return undefined
    throw error
  })
  // Where it does not say, the folder's lock tells.
  return health !== undefined && (health.dataDir === undefined || resolve(health.dataDir) === resolve(data))
}

function codeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}

const TARGETS = { kinesis: 'Kinesis_20131202', firehose: 'Firehose_20150804' }

/** An answer of AWS's kind that is an error; `code` is AWS's name of it. */
export class AwsFailure extends CommandFailure {
  readonly code: string
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** Calls one operation as any AWS client does, in AWS JSON 1.1. */
export async function awsCall<T>(
  server: ServerAddress,
  service: keyof typeof TARGETS,
  operation: string,
  input: object,
): Promise<T> {
  const url = new URL(endpointOf(server))
  const body = JSON.stringify(input)
  const headers = signRequest({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${TARGETS[service]}.${operation}`,
    },
    bodySha256: sha256Hex(body),
    service,
    region: server.region,
    credentials: await server.credentials(),
    now: machineClock.now(),
  })
  const answer = await connect(url.href, { method: 'POST', headers, body })
  const text = await answer.text()
  if (answer.ok) return JSON.parse(text || '{}')
  throw failureOf(server, text, answer.status)
}

/** An error as AWS's services or our own API say it, with what to do about it where it is one of access. */
function failureOf(server: ServerAddress, text: string, status: number): CommandFailure {
  try {
    const { __type, code, message, Message } = JSON.parse(text)
    const name = String(__type ?? code).replace(/^.*#/, '')
    const remedy = remedyOf(name, server)
    const words = String(message ?? Message ?? '')
    const said = remedy ? words.replace(/\.$/, '') + remedy : words
    return __type === undefined ? new CommandFailure(said) : new AwsFailure(name, said)
  } catch {
    return new CommandFailure(`the server answered ${status}`)
  }
}

const UNKNOWN_KEY =
  /^(MissingAuthenticationToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|ExpiredToken)/

function remedyOf(code: string, { hasKeys }: ServerAddress): string {
  if (/^AccessDenied/.test(code))
    return "; give the key a policy that allows it: in the file of --auth, or with 'standpipe keys add --policy'"
  if (!UNKNOWN_KEY.test(code)) return ''
  return hasKeys
    ? '; the server takes only keys that it knows: see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment (with a temporary key AWS_SESSION_TOKEN, too)'
    : "; the server takes only keys that it knows: put one into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY ('standpipe keys add' makes one)"
}
