import { createHash, createHmac } from 'node:crypto'

export interface Signing {
  readonly url: URL
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly service: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** ms since 1970. */
  readonly now: number
}

/**
 * The headers of a POST to `/` with AWS's Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest({ url, body, headers, service, region, credentials, now }: Signing) {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const signed: Record<string, string> = { ...headers, host: url.host, 'x-amz-date': time }
  const names = Object.keys(signed).sort()
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const key = [...scope.split('/')].reduce<string | Buffer>(
    (parent, part) => hmac(parent, part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  )
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).digest('hex')
  const { host: _host, ...sent } = signed
  const credential = `Credential=${credentials.accessKeyId}/${scope}`
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text)
