import type { BlobStore, BlobWriter, Change } from '../../engine/ports/engine.ts'
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
import {
  type Checksum,
  type ChecksumAlgorithm,
  type ChecksumMembers,
  checksumHeaders,
  DEFAULT_ALGORITHM,
  memberOf,
} from '../checksums/checksum.ts'
import type { Digest } from '../checksums/digest.ts'
import { type Announced, announcedAlgorithm, verificationOf } from '../checksums/verification.ts'
import { inlineKey } from '../documents.ts'
import { entityTooLarge } from '../exceptions.ts'
import type { Md5 } from '../md5/md5-lanes.ts'
import { checksumAlgorithm } from '../shapes.ts'
import { type Content, INLINE_BYTES, wanted } from './content.ts'

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
interface BodyInput extends Announced {
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

/** One object or part: 5 GiB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_UPLOAD_BYTES = 5 * 2 ** 30

/** Bytes that were taken in, on disk or about to be by `changes`, and named by nothing yet. */
export interface Received {
  readonly content: Content
  readonly sizeBytes: number
  /** Hexadecimal: the ETag. */
  readonly md5: string
  /** To join the commit that names the content. */
  readonly changes: readonly Change[]
}

/** What it takes to take in bytes. */
export interface Intake {
  readonly blobs: Pick<BlobStore, 'create' | 'admit'>
  readonly newMd5: () => Md5
  readonly newId: () => string
}

/** What is computed while the bytes pass. */
interface Receiving {
  readonly digests?: readonly Digest[]
  /** Called before anything is kept; throws what the client is told when the bytes are not what it announced. */
  readonly check: (received: { sizeBytes: number; md5: Uint8Array }) => void
}

/** So much of a large object is taken further at once: each time costs, and pieces can be small. */
const GATHERED_BYTES = 32 * 1024

/** Takes in a body of any size, holding no more of it than a small object. */
export async function receive(
  ports: Intake,
  body: StreamBody,
  { digests = [], check }: Receiving,
): Promise<Received> {
  const hash = ports.newMd5()
  let sizeBytes = 0
  let writer: BlobWriter | undefined
  /** What may turn out to be all of a small object, or is not enough of a large one yet. */
  let held: Uint8Array[] = []
  let heldBytes = 0
  const passOn = async (to: BlobWriter) => {
    await Promise.all([hash.update(held), writeAll(to, held)])
    if (body.release) held.forEach(body.release)
    held = []
    heldBytes = 0
  }
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length
      if (sizeBytes > MAX_UPLOAD_BYTES) throw entityTooLarge(sizeBytes, MAX_UPLOAD_BYTES)
      for (const digest of digests) digest.update(chunk)
      held.push(chunk)
      heldBytes += chunk.length
      if (sizeBytes <= INLINE_BYTES || heldBytes < GATHERED_BYTES) continue
      writer ??= await ports.blobs.create()
      await passOn(writer)
    }
    if (writer) await passOn(writer)
    const small = joined(held)
    if (body.release) held.forEach(body.release)
    await hash.update([small])
    const md5 = hash.digest()
    check({ sizeBytes, md5 })
    const kept = writer ? await inBlob(writer) : await inMetadata(ports, small)
    return { ...kept, sizeBytes, md5: Buffer.from(md5).toString('hex') }
  } catch (error) {
    await writer?.abort()
    throw error
  }
}

async function writeAll(writer: BlobWriter, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await writer.write(piece)
}

type Kept = Pick<Received, 'content' | 'changes'>

async function inBlob(writer: BlobWriter): Promise<Kept> {
  const { id, ...contents } = await writer.finish()
  return { content: { in: 'blob', id }, changes: wanted(id, contents) }
}

async function inMetadata(ports: Intake, bytes: Uint8Array): Promise<Kept> {
  if (bytes.length === 0) return { content: { in: 'nothing' }, changes: [] }
  await ports.blobs.admit(bytes.length)
  const content: Content = { in: 'inline', id: ports.newId() }
  return { content, changes: [{ put: inlineKey(content.id), value: bytes }] }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
