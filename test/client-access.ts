/**
 * `STANDPIPE_TEST_ACCESS=closed`: the suites of real clients against servers that verify every request, for a key that
 * may do everything. This is the place that gives out keys; what else a suite needs of a closed server, it makes.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileKey } from '../src/auth/key-file.ts'
import { signRequest } from '../src/service/signing/sign-request.ts'
import { sha256Hex } from '../src/service/signing/signing-key.ts'

export const isClosed = process.env.STANDPIPE_TEST_ACCESS === 'closed'

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

/** What every client signs with; an open server takes any. */
export const CLIENT_KEY = isClosed
  ? { accessKeyId: 'AKIDOFTHESUITES', secretAccessKey: 'a+secret/with==signs of its own' }
  : { accessKeyId: 'test', secretAccessKey: 'test' }

export const ADMITTED: FileKey = { ...CLIENT_KEY, policies: [JSON.stringify(EVERYTHING)] }
/** The SDK writes into the credentials that it is given: not into the file. */
const KEY_FILE = JSON.stringify({ keys: [{ ...CLIENT_KEY, policies: [EVERYTHING] }] })

/** The same in a key file of a folder's: what `auth` of a server takes. */
export function admittingFile(folder: string): string {
  const path = join(folder, 'keys.json')
  writeFileSync(path, KEY_FILE, { mode: 0o600 })
  return path
}

/** Why a test is skipped against a closed server. */
export const notClosed = (reason: string): string | false => isClosed && `in closed mode ${reason}`

/** What the SDK of any language, the AWS CLI and Terraform read from the environment. */
export const clientEnvironment = (endpoint: string): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: CLIENT_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CLIENT_KEY.secretAccessKey,
})

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly signal?: AbortSignal
}

/** fetch, for our own API and for what no SDK sends; a closed server gets a signature with it. */
export async function fetchSigned(
  address: string,
  asked: Asked = {},
  service = serviceAt(address),
): Promise<Response> {
  const { method = 'GET', body = '' } = asked
  const { authorization: _madeUp, ...headers } = asked.headers ?? {}
  const bodySha256 = sha256Hex(body)
  if (!isClosed) return await fetch(address, asked)
  const signed = signRequest({
    ...{
      method,
      url: new URL(address),
      bodySha256,
      credentials: CLIENT_KEY,
      region: 'us-east-1',
      now: Date.now(),
    },
    ...{ service, pathEncoding: service === 's3' ? 'as sent' : 'once more' },
    headers: { ...headers, ...(service === 's3' && { 'x-amz-content-sha256': bodySha256 }) },
  })
  return await fetch(address, { ...asked, headers: signed })
}

const serviceAt = (address: string): string =>
  new URL(address).pathname.startsWith('/_standpipe/') ? 'standpipe' : 's3'
