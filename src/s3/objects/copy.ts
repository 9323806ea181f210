import type { Clock } from '../../clock/clock.ts'
import { type BlobStore, type Change, EngineError, isEngineError } from '../../engine/ports/engine.ts'
import type { ServiceException } from '../../service/exception.ts'
import { isAnswer } from '../../service/invoke.ts'
import { inHeader, required, string, timestamp } from '../../service/shape.ts'
import { checkCopyable } from '../archive/archived.ts'
import { fromAnywhere, type Requesting, requireBucket } from '../buckets/bucket.ts'
import type { Checksum, ChecksumAlgorithm } from '../checksums/checksum.ts'
import { type Content, type ContentStores, contentsOf, wanted } from '../content/content.ts'
import type { ByteRange } from '../content/range.ts'
import { type Intake, receiveChecked } from '../content/receive.ts'
import { invalidArgument, invalidRequest, invalidVersionId, preconditionFailed } from '../exceptions.ts'
import {
  type Finding,
  type FoundObject,
  failedRead,
  openObject,
  requireObject,
  versionIdOf,
} from './found.ts'
import { unmetByRead } from './precondition.ts'
import type { StoredObject } from './stored-object.ts'
import { isVersionId, mayBeVersion } from './version-id.ts'

const NAME = 'x-amz-copy-source'

/** What CopyObject and UploadPartCopy say about their source. */
export const copySourceInput = {
  CopySource: inHeader(NAME, required(string())),
  CopySourceIfMatch: inHeader('x-amz-copy-source-if-match', string()),
  CopySourceIfModifiedSince: inHeader('x-amz-copy-source-if-modified-since', timestamp()),
  CopySourceIfNoneMatch: inHeader('x-amz-copy-source-if-none-match', string()),
  CopySourceIfUnmodifiedSince: inHeader('x-amz-copy-source-if-unmodified-since', timestamp()),
  CopySourceSSECustomerAlgorithm: inHeader(
    'x-amz-copy-source-server-side-encryption-customer-algorithm',
    string(),
  ),
  CopySourceSSECustomerKey: inHeader('x-amz-copy-source-server-side-encryption-customer-key', string()),
  CopySourceSSECustomerKeyMD5: inHeader(
    'x-amz-copy-source-server-side-encryption-customer-key-MD5',
    string(),
  ),
  ExpectedSourceBucketOwner: inHeader('x-amz-source-expected-bucket-owner', string()),
}

interface CopySourceInput {
  readonly CopySource: string
  readonly CopySourceIfMatch?: string | undefined
  readonly CopySourceIfModifiedSince?: number | undefined
  readonly CopySourceIfNoneMatch?: string | undefined
  readonly CopySourceIfUnmodifiedSince?: number | undefined
  readonly ExpectedSourceBucketOwner?: string | undefined
}

interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
}

/**
 * `/bucket/key`, URL-encoded as forms are (`+` is a space), the first slash optional, perhaps behind `https://host` and
 * with `?versionId=`. Throws InvalidArgument; for what was never the id of a version, what `refuse` says.
 */
export function parseCopySource(header: string, refuse = noSuchSource): CopySource {
  const [path = '', query] = header.split('?', 2)
  const parts = /^(?:https?:\/\/[^/]+)?\/?([^/]+)\/(.+)$/s.exec(decoded(path))
  // What AWS gives as the value is the header's name again.
  if (!parts) throw invalidArgument('Invalid copy source object key', NAME, NAME)
  const versionId = new URLSearchParams(query ?? '').get('versionId')
  if (versionId === '') throw invalidVersionId('', NAME)
  if (versionId !== null && !isVersionId(versionId)) throw refuse(versionId)
  return { bucket: parts[1]!, key: parts[2]!, ...(versionId !== null && { versionId }) }
}

const noSuchSource = (versionId: string): ServiceException => invalidVersionId(versionId, NAME)

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '))
  } catch {
    throw invalidArgument('Invalid copy source encoding.', NAME, path)
  }
}

/** What a copy says of the version that it is of. */
export const copiedOutput = { CopySourceVersionId: inHeader('x-amz-copy-source-version-id', string()) }

/** A source as it was found, and its version's id in a bucket with versions. */
interface FoundSource extends FoundObject {
  readonly versionId: string | undefined
}

/**
 * The object to copy, if the conditions on it hold. Throws InvalidRequest when a delete marker is named; for a version
 * that there cannot be, what `refuse` says.
 */
export async function requireCopySource(
  ports: Finding & { readonly clock: Pick<Clock, 'now'> },
  input: CopySourceInput,
  caller: Requesting,
  refuse = noSuchSource,
): Promise<FoundSource> {
  const { bucket, key, versionId } = parseCopySource(input.CopySource, refuse)
  const owned = { Bucket: bucket, ExpectedBucketOwner: input.ExpectedSourceBucketOwner }
  const home = (await requireBucket(ports, owned, fromAnywhere(caller))).value
  if (!mayBeVersion(home, versionId)) throw refuse(versionId!)
  const object = await requireObject(ports, home, { key, versionId }).then(({ value }) => value, unlessMarker)
  const unmet = unmetByRead(
    {
      ifMatch: input.CopySourceIfMatch,
      ifNoneMatch: input.CopySourceIfNoneMatch,
      ifModifiedSince: input.CopySourceIfModifiedSince,
      ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    object,
    ports.clock.now(),
  )
  if (unmet) throw preconditionFailed(`x-amz-copy-source-${unmet}`)
  checkCopyable(object, ports.clock.now())
  return { bucket, key, object, versionId: versionIdOf(home, object) }
}

function unlessMarker(failure: unknown): never {
  if (!isAnswer(failure) || failure.code !== 'MethodNotAllowed') throw failure
  throw invalidRequest(
    'The source of a copy request may not specifically refer to a delete marker by version id.',
  )
}

/** The same bytes once more, named by nothing yet. */
export interface ContentCopy {
  readonly content: Content
  readonly sizeBytes: number
  readonly md5: string
  readonly checksum: Checksum
  readonly changes: readonly Change[]
}

/** What it takes to read an object and to keep its bytes once more. */
interface Copying extends Finding, ContentStores, Intake {
  readonly blobs: BlobStore
}

/**
 * Copies an object's bytes, or a range of them. They are read, so that no copy is made of what is damaged, but not
 * computed anew when the copy's MD5 and checksum are those of the source: it is whole, was not uploaded in parts, and
 * no other algorithm is asked for. Undefined when the source was replaced meanwhile; throws InternalError when it is
 * damaged.
 */
export async function copyContent(
  ports: Copying,
  source: FoundObject,
  algorithm: ChecksumAlgorithm = source.object.checksum.algorithm,
  range?: ByteRange,
): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag, checksum, upload } = source.object
  const isSame = !range && !upload && checksum.algorithm === algorithm
  if (isSame && content.in === 'nothing') return { content, sizeBytes, md5: etag, checksum, changes: [] }
  try {
    const linked = isSame ? await linkedCopy(ports, source.object) : undefined
    if (linked) return linked
    const body = await openObject(ports, source, range ?? { start: 0, end: sizeBytes })
    const copy = body && (await receiveChecked(ports, { Body: body }, algorithm))
    if (!copy || !isSame || copy.md5 === etag) return copy
    if (copy.content.in === 'blob') await ports.blobs.delete(copy.content.id)
    throw new EngineError('Damaged', 'its MD5 is not its ETag any more', 0)
  } catch (error) {
    throw await failedRead(ports, source, error)
  }
}

/** Undefined when it has no checksums to go by, and when it is not there. */
async function linkedCopy(ports: Copying, source: StoredObject): Promise<ContentCopy | undefined> {
  const { content, sizeBytes, etag: md5, checksum } = source
  const contents = content.in === 'blob' ? await contentsOf(ports, content.id, sizeBytes) : undefined
  if (content.in !== 'blob' || !contents?.checksums) return undefined
  try {
    await ports.blobs.verify(content.id, contents)
    const id = await ports.blobs.copy(content.id)
    return { content: { in: 'blob', id }, sizeBytes, md5, checksum, changes: wanted(id, contents) }
  } catch (error) {
    if (isEngineError(error, 'NoSuchBlob')) return undefined
    throw error
  }
}
