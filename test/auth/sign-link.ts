import { basicTime } from '../../src/service/signing/basic-time.ts'
import { canonicalQuery, canonicalRequest } from '../../src/service/signing/canonical-request.ts'
import type { Signing } from '../../src/service/signing/sign-request.ts'
import { ALGORITHM, scopeText, signerOf, stringToSign } from '../../src/service/signing/signing-key.ts'

/** The URL as a link that anybody may use for `expiresSeconds`, a week at most; the body may be any. */
export function signLink(
  signing: Omit<Signing, 'headers' | 'bodySha256' | 'pathEncoding'>,
  expiresSeconds: number,
): URL {
  const { method, credentials, region, service } = signing
  const time = basicTime(signing.now)
  const scope = { date: time.slice(0, 8), region, service }
  const url = new URL(signing.url)
  const members: Readonly<Record<string, string>> = {
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scopeText(scope)}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expiresSeconds),
    'X-Amz-SignedHeaders': 'host',
    ...(credentials.sessionToken && { 'X-Amz-Security-Token': credentials.sessionToken }),
  }
  for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value)
  const canonical = canonicalRequest({
    method,
    path: url.pathname,
    query: canonicalQuery(url.search.slice(1)),
    headers: [['host', url.host]],
    payload: 'UNSIGNED-PAYLOAD',
  })
  const text = stringToSign(time, scopeText(scope), canonical)
  url.searchParams.set('X-Amz-Signature', signerOf(credentials.secretAccessKey, scope)(text))
  return url
}
