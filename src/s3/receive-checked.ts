import type { StreamBody } from '../service/shape.ts'
import { type Announced, announcedAlgorithm } from './announced.ts'
import { type Checksum, type ChecksumAlgorithm, DEFAULT_ALGORITHM } from './checksum.ts'
import { entityTooLarge } from './exceptions.ts'
import { MAX_UPLOAD_BYTES, type Received, receive } from './receive.ts'
import type { S3 } from './s3.ts'
import { verificationOf } from './verification.ts'

/** A body and everything its sender said about it. */
export interface BodyInput extends Announced {
  readonly Body?: StreamBody | undefined
}

/**
 * Takes in a body and verifies whatever was announced: its length, MD5, SHA-256 and checksum. The checksum is of
 * `algorithm`, or the sender's, or S3's default.
 */
export async function receiveChecked(
  s3: S3,
  input: BodyInput,
  algorithm?: ChecksumAlgorithm,
): Promise<Received & { readonly checksum: Checksum }> {
  const { Body: body = NOTHING, ContentLength: announcedBytes = 0 } = input
  if (announcedBytes > MAX_UPLOAD_BYTES) throw entityTooLarge(announcedBytes, MAX_UPLOAD_BYTES)
  const kept = algorithm ?? announcedAlgorithm(input) ?? DEFAULT_ALGORITHM
  const { digests, check } = await verificationOf(input, kept)
  let value = ''
  const received = await receive(s3, body, {
    digests,
    check(actual) {
      value = check(actual, body.trailers).get(kept)!
    },
  })
  return { ...received, checksum: { algorithm: kept, type: 'FULL_OBJECT', value } }
}

const NOTHING: StreamBody = { async *[Symbol.asyncIterator]() {} }
