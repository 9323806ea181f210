import type { Clock } from '../../clock/clock.ts'
import type { ServiceException } from '../../service/exception.ts'
import type { Caller } from '../../service/operation.ts'
import { inHeader, required, string, timestamp } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { invalidArgument, invalidVersionId, preconditionFailed } from '../exceptions.ts'
import { type Finding, type FoundObject, requireObject } from './found.ts'
import { unmetByRead } from './precondition.ts'

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

/**
 * `/bucket/key`, URL-encoded as forms are (`+` is a space), the first slash optional, perhaps behind `https://host` and
 * with `?versionId=null`. Throws InvalidArgument; for a version that there cannot be, what `refuse` says.
 */
export function parseCopySource(
  header: string,
  refuse: (versionId: string) => ServiceException = (versionId) => invalidVersionId(versionId, NAME),
): CopySource {
  const [path = '', query] = header.split('?', 2)
  const parts = /^(?:https?:\/\/[^/]+)?\/?([^/]+)\/(.+)$/s.exec(decoded(path))
  // What AWS gives as the value is the header's name again.
  if (!parts) throw invalidArgument('Invalid copy source object key', NAME, NAME)
  const versionId = new URLSearchParams(query ?? '').get('versionId')
  if (versionId === '') throw invalidVersionId('', NAME)
  if (versionId !== null && versionId !== 'null') throw refuse(versionId)
  return { bucket: parts[1]!, key: parts[2]! }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '))
  } catch {
    throw invalidArgument('Invalid copy source encoding.', NAME, path)
  }
}

/** The object to copy, if the conditions on it hold. */
export async function requireCopySource(
  ports: Finding & { readonly clock: Pick<Clock, 'now'> },
  input: CopySourceInput,
  caller: Pick<Caller, 'account'>,
): Promise<FoundObject> {
  const { bucket, key } = parseCopySource(input.CopySource)
  await requireBucket(ports, { Bucket: bucket, ExpectedBucketOwner: input.ExpectedSourceBucketOwner }, caller)
  const object = (await requireObject(ports, bucket, key)).value
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
  return { bucket, key, object }
}
