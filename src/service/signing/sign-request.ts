import { basicTime } from './basic-time.ts'
import {
  canonicalQuery,
  canonicalRequest,
  foldedHeader,
  normalisedPath,
  pathEncodedTwice,
} from './canonical-request.ts'
import { ALGORITHM, type Scope, scopeText, signerOf, stringToSign } from './signing-key.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface Signing {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Of the body, in hex. */
  readonly bodySha256: string
  readonly service: string
  readonly region: string
  readonly credentials: Credentials
  /** ms since 1970. */
  readonly now: number
  /** How the path is signed: as it is sent, or, which is what services want but one, encoded once more. */
  readonly pathEncoding?: 'as sent' | 'once more'
}

/**
 * The headers, names in lower case, with those of AWS's Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(signing: Signing): Record<string, string> {
  const { url, headers, bodySha256, credentials, now } = signing
  const time = basicTime(now)
  const signed: Record<string, string> = {
    ...headers,
    host: url.host,
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  }
  const scope = scopeOf(signing, time)
  const canonical = canonicalRequest({
    ...whereTo(signing),
    query: canonicalQuery(url.search.slice(1)),
    headers: Object.keys(signed)
      .sort()
      .map((name) => [name, asBytes(foldedHeader(signed[name]!))]),
    payload: bodySha256,
  })
  const sign = signerOf(credentials.secretAccessKey, scope)
  const signature = sign(stringToSign(time, scopeText(scope), canonical))
  const { host: _host, ...sent } = signed
  const credential = `Credential=${credentials.accessKeyId}/${scopeText(scope)}`
  const names = Object.keys(signed).sort().join(';')
  return {
    ...sent,
    authorization: `${ALGORITHM} ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

const scopeOf = ({ region, service }: Pick<Signing, 'region' | 'service'>, time: string): Scope => ({
  date: time.slice(0, 8),
  region,
  service,
})

const whereTo = ({ method, url, pathEncoding }: Pick<Signing, 'method' | 'url' | 'pathEncoding'>) => ({
  method,
  path: pathEncoding === 'once more' ? pathEncodedTwice(normalisedPath(url.pathname)) : url.pathname,
})

/** UTF-8, a byte to a character. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1')
