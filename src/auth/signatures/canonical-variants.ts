import type { RequestHead, Spoken } from '../../service/signing/authentication.ts'
import {
  canonicalQuery,
  canonicalRequest,
  foldedHeader,
  normalisedPath,
  pathEncodedOnce,
  pathEncodedTwice,
  trimmedHeader,
} from '../../service/signing/canonical-request.ts'
import type { Claim } from './claim.ts'

/**
 * What a request's signature may be computed over, the likeliest first. Clients differ in what they leave unencoded in
 * S3's paths and in whether they fold spaces within its headers, and it takes both; all of the variants mean the same.
 */
export function canonicalVariants(
  head: RequestHead,
  claim: Claim,
  spoken: Spoken,
  payload: string,
): readonly [string, ...(() => string)[]] {
  const { method, path, rawQuery } = head
  const isS3 = spoken === 'rest'
  const query =
    rawQuery === '' ? '' : canonicalQuery(rawQuery, claim.place === 'query' ? 'X-Amz-Signature' : undefined)
  const variant = (path: string, fold: (value: string) => string) =>
    canonicalRequest({ method, path, query, headers: signedHeaders(head, claim, fold), payload })
  const usual = isS3
    ? pathEncodedOnce(path)
    : pathEncodedTwice(spoken === 'own' ? path : normalisedPath(path))
  const first = variant(usual, foldedHeader)
  if (!isS3) return [first]
  return [
    first,
    () => variant(path, foldedHeader),
    () => variant(usual, trimmedHeader),
    () => variant(path, trimmedHeader),
  ]
}

function signedHeaders(
  { headers, repeated }: RequestHead,
  { signedHeaders }: Claim,
  fold: (value: string) => string,
): (readonly [string, string])[] {
  return signedHeaders.map((name) => {
    const several = repeated.get(name)
    if (several) return [name, several.map(fold).join(',')]
    // HTTP/1.1 has no :authority.
    const value = headers.get(name) ?? (name === ':authority' ? headers.get('host') : undefined)
    return [name, value === undefined ? '' : fold(value)]
  })
}
