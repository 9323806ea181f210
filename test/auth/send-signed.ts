import { type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Credential } from '../../src/auth/credentials.ts'
import { type Signing, signRequest } from '../../src/service/signing/sign-request.ts'
import { sha256Hex } from '../../src/service/signing/signing-key.ts'
import { permanent } from './closed-server.ts'

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Whichever way the protocol says it. */
  readonly code: string | undefined
  readonly message: string | undefined
}

/** Sends a request as it is given; resolves with what is answered, and whether it was told to continue. */
export function send(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string | string[]>>,
  body: string | Uint8Array = '',
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, async (answer) => {
      const body = await text(answer)
      const { statusCode: status = 0, headers } = answer
      resolve({ status, headers, body, ...errorIn(body) })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function errorIn(body: string): Pick<Answered, 'code' | 'message'> {
  const xml = /<Code>(.*?)<\/Code>.*?<Message>(.*?)<\/Message>/s.exec(body)
  if (xml) return { code: xml[1], message: xml[2]?.replaceAll('&quot;', '"') }
  try {
    const { __type, code, message } = JSON.parse(body)
    return { code: __type ?? code, message }
  } catch {
    return { code: undefined, message: undefined }
  }
}

export interface Call {
  readonly service: 's3' | 'kinesis' | 'sts' | 'standpipe'
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly now?: number
  readonly credential?: Credential
  readonly signing?: Partial<Signing>
}

/** What each service is asked where nothing else is said. */
const USUAL: Readonly<
  Record<Call['service'], { method: string; path: string; body: string; headers: Record<string, string> }>
> = {
  s3: { method: 'GET', path: '/', body: '', headers: {} },
  kinesis: {
    method: 'POST',
    path: '/',
    body: '{}',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' },
  },
  sts: {
    method: 'POST',
    path: '/',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  standpipe: { method: 'GET', path: '/_standpipe/api/clock', body: '', headers: {} },
}

/** A request with its signature in the header, ready to be changed and sent. */
export function signed(endpoint: string, call: Call) {
  const { service, now = Date.now(), credential = permanent, signing = {} } = call
  const usual = USUAL[service]
  const { method, path, body } = { ...usual, ...call }
  const url = new URL(`${endpoint}${path}`)
  const bodySha256 = sha256Hex(body)
  const headers = signRequest({
    method,
    url,
    headers: {
      ...usual.headers,
      ...(service === 's3' && { 'x-amz-content-sha256': bodySha256 }),
      ...call.headers,
    },
    bodySha256: call.headers?.['x-amz-content-sha256'] ?? bodySha256,
    service,
    region: 'us-east-1',
    credentials: credential,
    now,
    pathEncoding: service === 's3' ? 'as sent' : 'once more',
    ...signing,
  })
  return { url, method, headers, body }
}

export async function ask(endpoint: string, call: Call): Promise<Answered> {
  const { url, method, headers, body } = signed(endpoint, call)
  return await send(url, method, headers, body)
}
