import type {
  Authenticated,
  ChunkSignatures,
  RequestHead,
  Spoken,
} from '../../service/signing/authentication.ts'
import {
  ALGORITHM,
  type Sign,
  scopeText,
  sha256Hex,
  stringToSign,
} from '../../service/signing/signing-key.ts'
import type { Credential } from '../credentials.ts'
import { canonicalVariants } from './canonical-variants.ts'
import { createChunkSignatures } from './chunk-signatures.ts'
import type { Claim } from './claim.ts'
import type { DeriveKey } from './key-cache.ts'
import { isSha256, SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER, s3Payload, saidBodySha256 } from './payload.ts'
import type { Refusals } from './refusals.ts'
import { isSame } from './same.ts'

/** All that a signature of version 4 is judged by. */
export interface Case {
  readonly head: RequestHead
  readonly spoken: Spoken
  readonly claim: Claim
  readonly credential: Credential
  readonly refusals: Refusals
  readonly derive: DeriveKey
  /** The machine's time, ms since 1970. */
  readonly now: number
}

/** Whom the signature proves. Throws the refusal of one that is wrong, at once if the head says what of the body is signed. */
export function judge(given: Case): Authenticated {
  const { head, spoken, claim, credential, refusals, now } = given
  const payload = spoken === 'rest' ? s3Payload(head, claim) : saidBodySha256(head, claim)
  const sign = payload === undefined ? undefined : provenSigner(given, payload)
  checkSignedHeaders(given)
  const bodySha256 = payload !== undefined && isSha256(payload) ? payload : undefined
  const { region, service } = claim.scope
  return {
    principal: credential.principal,
    signature: { place: claim.place, version: ALGORITHM, ageMs: now - claim.signedAt, payload },
    region,
    service,
    bodySha256,
    chunks: sign && payload !== undefined ? chunksOf(given, sign, payload) : undefined,
    checkBody(bytes) {
      if (payload !== undefined && bodySha256 === undefined) return
      const actual = sha256Hex(bytes)
      if (payload === undefined) provenSigner(given, actual)
      else if (actual !== bodySha256) throw refusals.body(payload, actual)
    },
    requireService(signingName) {
      if (service !== signingName) throw refusals.service(signingName, service)
    },
  }
}

/** What made the signature. Throws when it did not. */
function provenSigner({ head, spoken, claim, credential, refusals, derive }: Case, payload: string): Sign {
  const { scope, time, signature } = claim
  const { accessKeyId, secretAccessKey } = credential
  const scopedTo = scopeText(scope)
  const { sign, keep } = derive(secretAccessKey, scope, scopedTo)
  const textOf = (canonical: string) => stringToSign(time, scopedTo, canonical)
  const [canonical, ...others] = canonicalVariants(head, claim, spoken, payload)
  const text = textOf(canonical)
  const isProven =
    isSame(sign(text), signature) || others.some((other) => isSame(sign(textOf(other())), signature))
  if (!isProven)
    throw refusals.mismatch({ accessKeyId, stringToSign: text, signature, canonicalRequest: canonical })
  keep()
  return sign
}

/** Throws when a header is not signed that means something: then it may be anybody's. */
function checkSignedHeaders({ head, spoken, claim: { signedHeaders }, refusals }: Case): void {
  const isSigned = (name: string) => signedHeaders.includes(name)
  const unsigned: string[] = []
  if (!isSigned('host') && !(isSigned(':authority') && isTheHost(head))) unsigned.push('host')
  if (spoken === 'rest') {
    for (const name of head.headers.keys())
      if (name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !isSigned(name)) unsigned.push(name)
  } else if (head.headers.has('x-amz-target') && !isSigned('x-amz-target')) unsigned.push('x-amz-target')
  if (unsigned.length > 0) throw refusals.unsignedHeaders(unsigned)
}

/** HTTP/2 can say both: it is the host that tells a bucket. */
const isTheHost = ({ headers }: RequestHead): boolean =>
  !headers.has(':authority') || headers.get(':authority') === headers.get('host')

function chunksOf(
  { claim, credential, refusals }: Case,
  sign: Sign,
  payload: string,
): ChunkSignatures | undefined {
  if (payload !== SIGNED_CHUNKS && payload !== SIGNED_CHUNKS_AND_TRAILER) return undefined
  return createChunkSignatures({
    accessKeyId: credential.accessKeyId,
    sign,
    time: claim.time,
    scope: scopeText(claim.scope),
    seed: claim.signature,
    hasTrailer: payload === SIGNED_CHUNKS_AND_TRAILER,
    refusal: refusals.mismatch,
  })
}
