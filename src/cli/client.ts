import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { defaultSettings, type Settings } from '../server/config.ts'
import { signRequest } from '../service/signing/sign-request.ts'
import { sha256Hex } from '../service/signing/signing-key.ts'
import { CommandFailure, machineClock } from './command.ts'

type Where = Pick<Settings, 'host' | 'port'>

/** An address to connect to: one that means all addresses is reached on loopback. */
export function endpointOf({ host, port }: Where): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Any keys will do; a 12-digit access key names another account than the server's own. */
export const credentialsOf = ({ account }: Pick<Settings, 'account'>) => ({
  accessKeyId: account === defaultSettings.account ? 'standpipe' : account,
  secretAccessKey: 'standpipe',
})

/** Whose things our own API shall act on: the account is the server's own unless another one is given. */
export const scopeOf = ({ account, region }: Pick<Settings, 'account' | 'region'>): URLSearchParams =>
  new URLSearchParams({ region, ...(account !== defaultSettings.account && { account }) })

export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing'
  /** The oldest of them, and how many there are in all. */
  readonly problems: readonly {
    readonly code: string
    readonly where: string
    readonly what: string
    readonly since: string
  }[]
  readonly problemCount: number
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

/** Asks a running server's own API. Fails in one line when nobody answers or the answer is an error. */
export async function ask<T>(where: Where, path: string, post?: object): Promise<T> {
  const answer = await connect(`${endpointOf(where)}/_standpipe/${path}`, {
    ...(post && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(post),
    }),
  })
  const body = await answer.text()
  if (!answer.ok) throw new CommandFailure(messageOf(body) ?? `the server answered ${answer.status}`)
  try {
    return JSON.parse(body)
  } catch {
    throw new CommandFailure(`what answers on ${endpointOf(where)} is not Standpipe; choose another --port`)
  }
}

/** As `ask`, for what may take longer than the five minutes that fetch waits. */
export function askPatiently<T>(where: Where, path: string, post: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const url = `${endpointOf(where)}/_standpipe/${path}`
    const asking = request(url, { method: 'POST', headers }, (answer) =>
      text(answer).then((body) => {
        if (answer.statusCode === 200) resolve(JSON.parse(body))
        else reject(new CommandFailure(messageOf(body) ?? `the server answered ${answer.statusCode}`))
      }, reject),
    )
    asking.on('error', ({ message }) =>
      reject(new CommandFailure(`the server went away before it had answered (${message})`)),
    )
    asking.end(JSON.stringify(post))
  })
}

/** fetch, whose failure to connect is said in one line. */
export async function connect(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    const { origin } = new URL(url)
    if (codeOf(error) === 'ECONNREFUSED')
      throw new CommandFailure(`nobody answers on ${origin}: run 'standpipe start' first, or give --port`)
    throw new CommandFailure(`no answer from ${origin} (${codeOf(error)})`)
  }
}

export const isRunning = (where: Where): Promise<boolean> =>
  ask<Health>(where, 'health').then(
    ({ version }) => version !== undefined,
    (error) => {
      if (error instanceof CommandFailure) return false
      throw error
    },
  )

function codeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}

function messageOf(body: string): string | undefined {
  try {
    return JSON.parse(body).message
  } catch {
    return undefined
  }
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
  settings: Settings,
  service: keyof typeof TARGETS,
  operation: string,
  input: object,
): Promise<T> {
  const url = new URL(endpointOf(settings))
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
    region: settings.region,
    credentials: credentialsOf(settings),
    now: machineClock.now(),
  })
  const answer = await connect(url.href, { method: 'POST', headers, body })
  const text = await answer.text()
  if (answer.ok) return JSON.parse(text || '{}')
  throw failureOf(text, answer.status)
}

function failureOf(text: string, status: number): CommandFailure {
  try {
    const { __type, message, Message } = JSON.parse(text)
    return new AwsFailure(String(__type).replace(/^.*#/, ''), message ?? Message ?? '')
  } catch {
    return new CommandFailure(`the server answered ${status}`)
  }
}
