import type { Caller } from '../service/operation.ts'
import { inHeader, required, string, timestamp } from '../service/shape.ts'
import { requireBucket } from './bucket.ts'
import { invalidArgument, preconditionFailed } from './exceptions.ts'
import { unmetByRead } from './precondition.ts'
import { requireObject } from './read-object.ts'
import { refuseUnsupported } from './refusal.ts'
import type { S3 } from './s3.ts'
import type { StoredObject } from './stored-object.ts'

/** What CopyObject and UploadPartCopy say about their source. */
export const copySourceInput = {
  CopySource: inHeader('x-amz-copy-source', required(string())),
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

export interface CopySourceInput {
  readonly CopySource: string
  readonly CopySourceIfMatch?: string | undefined
  readonly CopySourceIfModifiedSince?: number | undefined
  readonly CopySourceIfNoneMatch?: string | undefined
  readonly CopySourceIfUnmodifiedSince?: number | undefined
  readonly ExpectedSourceBucketOwner?: string | undefined
}

export interface CopySource {
  readonly bucket: string
  readonly key: string
}

/** `/bucket/key`, URL-encoded as forms are (`+` is a space), the first slash optional, perhaps with `?versionId=null`. */
export function parseCopySource(header: string): CopySource {
  const [path = '', query] = header.split('?', 2)
  const parts = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path))
  if (!parts)
    throw invalidArgument('Copy Source must mention the source bucket and key', 'x-amz-copy-source', header)
  const versionId = new URLSearchParams(query ?? '').get('versionId')
  if (versionId !== null) refuseUnsupported({ VersionId: versionId })
  return { bucket: parts[1]!, key: parts[2]! }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '))
  } catch {
    throw invalidArgument('Invalid copy source encoding.', 'x-amz-copy-source', path)
  }
}

/** The object to copy, if the conditions on it hold. */
export async function requireCopySource(
  s3: S3,
  input: CopySourceInput,
  caller: Pick<Caller, 'account'>,
): Promise<StoredObject> {
  const { bucket, key } = parseCopySource(input.CopySource)
  await requireBucket(s3, { Bucket: bucket, ExpectedBucketOwner: input.ExpectedSourceBucketOwner }, caller)
  const object = (await requireObject(s3, bucket, key)).value
  const unmet = unmetByRead(
    {
      ifMatch: input.CopySourceIfMatch,
      ifNoneMatch: input.CopySourceIfNoneMatch,
      ifModifiedSince: input.CopySourceIfModifiedSince,
      ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    object,
    s3.clock.now(),
  )
  if (unmet) throw preconditionFailed(`x-amz-copy-source-${unmet}`)
  return object
}
