import { createRequire } from 'node:module'
import type { Credential } from '../../../src/auth/credentials.ts'
import { rootOf } from '../../../src/service/principal.ts'
import type { RequestHead } from '../../../src/service/signing/authentication.ts'
import type { Wanted } from './cases.ts'

interface Aws4 {
  sign(
    request: {
      service: string
      region: string
      method: string
      path: string
      headers: Record<string, string>
      body?: string
      signQuery?: boolean
      extraHeadersToInclude?: Record<string, boolean>
    },
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  ): { path: string; headers: Record<string, string> }
}

/** A signer that has nothing of ours. */
const aws4: Aws4 = createRequire(import.meta.url)('aws4')

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
export const REGION = 'eu-west-1'

const principal = rootOf({ account: '123456789012', region: REGION, accessKeyId: 'AKIDEXAMPLE' })
const permanent: Credential = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  isActive: true,
  principal,
}
const temporary: Credential = {
  ...permanent,
  accessKeyId: 'ASIDEXAMPLE',
  sessionToken: 'a/session+token==',
  expiresAt: NOW + 3_600_000,
}
export const credentials = {
  find: (accessKeyId: string) => [permanent, temporary].find((one) => one.accessKeyId === accessKeyId),
}

/** A request as it arrives: its texts are bytes, one to a character, and HTTP has taken the spaces off its headers. */
export interface Arrived {
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function signedByAws4(request: Wanted): Arrived {
  const { service, method, path, headers, body, isLink, isTemporary, host } = request
  const { accessKeyId, secretAccessKey, sessionToken } = isTemporary ? temporary : permanent
  const date = '20260102T030405Z'
  const signed = aws4.sign(
    {
      service,
      region: REGION,
      method,
      path: isLink ? `${path}${path.includes('?') ? '&' : '?'}X-Amz-Date=${date}` : path,
      headers: { ...headers, Host: host, ...(!isLink && { 'X-Amz-Date': date }) },
      ...(!isLink && body !== '' && { body }),
      ...(isLink && { signQuery: true }),
    },
    { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  )
  const arrived = Object.entries(signed.headers).map(([name, value]) => [
    name.toLowerCase(),
    bytesOf(String(value)),
  ])
  return { method, url: bytesOf(signed.path), headers: Object.fromEntries(arrived), body }
}

export function headOf({ method, url, headers }: Arrived): RequestHead {
  const mark = url.indexOf('?')
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1)
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: new Map(Object.entries(headers)),
    repeated: new Map(),
  }
}

const bytesOf = (text: string) => Buffer.from(text).toString('latin1')
