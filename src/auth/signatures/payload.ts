import type { RequestHead } from '../../service/signing/authentication.ts'
import type { Claim } from './claim.ts'
import { missingPayloadHash, unknownPayload } from './s3-refusals.ts'

const UNSIGNED = 'UNSIGNED-PAYLOAD'
export const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
export const SIGNED_CHUNKS_AND_TRAILER = `${SIGNED_CHUNKS}-TRAILER`
const WORDS = [UNSIGNED, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER]
const NAME = 'x-amz-content-sha256'

export const isSha256 = (payload: string): boolean => /^[0-9a-f]{64}$/.test(payload)

/** How S3 is told what of the body is signed: its SHA-256, or a word. Throws InvalidRequest and InvalidArgument. */
export function s3Payload({ headers, query }: RequestHead, { place, signedHeaders }: Claim): string {
  const inHeader = headers.get(NAME)
  const payload =
    place === 'header'
      ? inHeader
      : (query.get('X-Amz-Content-Sha256') ?? (signedHeaders.includes(NAME) ? inHeader : UNSIGNED))
  if (payload === undefined) throw missingPayloadHash()
  if (!WORDS.includes(payload) && !isSha256(payload)) throw unknownPayload(payload, WORDS)
  return payload
}

/** Other services sign the body itself; its SHA-256 if the head says it, too, so that the body need not be read first. */
export function saidBodySha256({ headers }: RequestHead, { signedHeaders }: Claim): string | undefined {
  const said = headers.get(NAME)
  return said !== undefined && isSha256(said) && signedHeaders.includes(NAME) ? said : undefined
}
