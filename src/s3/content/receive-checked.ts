import {
  asPayload,
  inHeader,
  inHeaderPrefix,
  long,
  map,
  type StreamBody,
  stream,
  string,
} from '../../service/shape.ts'
import { type Announced, announcedAlgorithm } from '../checksums/announced.ts'
import { type Checksum, type ChecksumAlgorithm, DEFAULT_ALGORITHM } from '../checksums/checksum.ts'
import { type ChecksumMembers, checksumHeaders, memberOf } from '../checksums/members.ts'
import { verificationOf } from '../checksums/verification.ts'
import { entityTooLarge } from '../exceptions.ts'
import { checksumAlgorithm } from '../shapes.ts'
import { type Intake, MAX_UPLOAD_BYTES, type Received, receive } from './receive.ts'

/** What PutObject and UploadPart are sent with. The last three are not in AWS's models: they belong to the wire. */
export const bodyInput = {
  Body: asPayload(stream()),
  ContentLength: inHeader('Content-Length', long()),
  ContentMD5: inHeader('Content-MD5', string()),
  ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  ...checksumHeaders,
  ChecksumHeaders: inHeaderPrefix('x-amz-checksum-', map(string(), string())),
  Trailer: inHeader('x-amz-trailer', string()),
  ContentSHA256: inHeader('x-amz-content-sha256', string()),
}

/** A body and everything its sender said about it. */
export interface BodyInput extends Announced {
  readonly Body?: StreamBody | undefined
}

/**
 * Takes in a body and verifies whatever was announced: its length, MD5, SHA-256 and checksum. The checksum is of
 * `algorithm`, or the sender's, or S3's default; `announced` is the sender's.
 */
export async function receiveChecked(
  ports: Intake,
  input: BodyInput,
  algorithm?: ChecksumAlgorithm,
): Promise<Received & { readonly checksum: Checksum; readonly announced: ChecksumMembers }> {
  const { Body: body = NOTHING, ContentLength: announcedBytes = 0 } = input
  if (announcedBytes > MAX_UPLOAD_BYTES) throw entityTooLarge(announcedBytes, MAX_UPLOAD_BYTES)
  const announced = announcedAlgorithm(input)
  const kept = algorithm ?? announced ?? DEFAULT_ALGORITHM
  const { digests, check } = await verificationOf(input, kept)
  let values: ReadonlyMap<ChecksumAlgorithm, string> = new Map()
  const received = await receive(ports, body, {
    digests,
    check(actual) {
      values = check(actual, body.trailers)
    },
  })
  return {
    ...received,
    checksum: { algorithm: kept, type: 'FULL_OBJECT', value: values.get(kept)! },
    announced: announced ? { [memberOf(announced)]: values.get(announced)! } : {},
  }
}

const NOTHING: StreamBody = { async *[Symbol.asyncIterator]() {} }
