import { createHash, createHmac } from 'node:crypto'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface Signing {
  readonly method: string
  /** Without a query; its path is signed as it is sent, not encoded once more. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Of the body, in hex. */
  readonly bodySha256: string
  readonly service: string
  readonly region: string
  readonly credentials: Credentials
  /** ms since 1970. */
  readonly now: number
}

/**
 * The headers, names in lower case, with those of AWS's Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(signing: Signing): Record<string, string> {
  const { method, url, headers, bodySha256, service, region, credentials, now } = signing
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const signed: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  }
  const names = Object.keys(signed).sort()
  const canonical = [
    method,
    url.pathname,
    '',
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    bodySha256,
  ].join('\n')
  const key = [...scope.split('/')].reduce<string | Buffer>(
    (parent, part) => hmac(parent, part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  )
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256Hex(canonical)}`).digest('hex')
  const { host: _host, ...sent } = signed
  const credential = `Credential=${credentials.accessKeyId}/${scope}`
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

/** Of UTF-8 text, in hex. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text)
