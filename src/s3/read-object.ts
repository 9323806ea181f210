import type { Document } from '../engine/engine.ts'
import type { Caller } from '../service/operation.ts'
import { type BucketInput, requireBucket } from './bucket.ts'
import { piecesOf } from './content.ts'
import { objectKey } from './document-key.ts'
import {
  invalidPartNumber,
  invalidRange,
  invalidRequest,
  noSuchKey,
  notModified,
  preconditionFailed,
} from './exceptions.ts'
import { expirationAnswer } from './lifecycle.ts'
import { isRangeOf, unmetByRead } from './precondition.ts'
import { type ByteRange, parseRange } from './range.ts'
import type { S3 } from './s3.ts'
import { checkKey, quoted, type StoredObject } from './stored-object.ts'

export interface ReadInput extends BucketInput {
  readonly Key: string
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
  readonly IfModifiedSince?: number | undefined
  readonly IfUnmodifiedSince?: number | undefined
  readonly Range?: string | undefined
  readonly IfRange?: string | undefined
  readonly PartNumber?: number | undefined
}

export interface Selection {
  readonly object: StoredObject
  readonly range: ByteRange
  /** Only a piece was asked for: 206. */
  readonly isPartial: boolean
  /** The `x-amz-expiration` header. */
  readonly expiration: { readonly Expiration?: string }
}

/** Throws NoSuchKey, which nearly always calls an object by its key alone. */
export async function requireObject(
  s3: S3,
  bucket: string,
  key: string,
  called = key,
): Promise<Document<StoredObject>> {
  checkKey(key)
  const found = await s3.metadata.get<StoredObject>(objectKey(bucket, key))
  if (!found) throw noSuchKey(called)
  return found
}

/** The object that a GET or HEAD means and which bytes of it; throws what S3 answers when there are none. */
export async function selectObject(
  s3: S3,
  input: ReadInput,
  caller: Pick<Caller, 'account'>,
): Promise<Selection> {
  const { lifecycleRules } = (await requireBucket(s3, input, caller)).value
  const object = (await requireObject(s3, input.Bucket, input.Key)).value
  const unmet = unmetByRead(
    {
      ifMatch: input.IfMatch,
      ifNoneMatch: input.IfNoneMatch,
      ifModifiedSince: input.IfModifiedSince,
      ifUnmodifiedSince: input.IfUnmodifiedSince,
    },
    object,
  )
  if (unmet === 'If-None-Match' || unmet === 'If-Modified-Since')
    throw notModified(quoted(object.etag), object.lastModified)
  if (unmet) throw preconditionFailed(unmet)
  const { PartNumber: partNumber } = input
  if (partNumber !== undefined && input.Range !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  const range =
    partNumber === undefined ? requestedRange(input, object) : await partRange(s3, object, partNumber)
  return {
    object,
    range: range ?? { start: 0, end: object.sizeBytes },
    isPartial: range !== undefined,
    expiration: expirationAnswer(lifecycleRules, { ...object, key: input.Key }),
  }
}

/** What the Range header asks for; undefined for the whole. */
function requestedRange(input: ReadInput, object: StoredObject): ByteRange | undefined {
  const { Range: header, IfRange: ifRange } = input
  if (ifRange !== undefined && !isRangeOf(ifRange, object)) return undefined
  const range = parseRange(header, object.sizeBytes)
  if (range === 'unsatisfiable') throw invalidRange(header!, object.sizeBytes)
  return range
}

/** An object that was not uploaded in parts is its own part 1. */
async function partRange(s3: S3, object: StoredObject, partNumber: number): Promise<ByteRange | undefined> {
  const pieces = object.content.in === 'pieces' ? await piecesOf(s3, object.content.id) : undefined
  const sizes = pieces?.map((piece) => piece.sizeBytes) ?? [object.sizeBytes]
  const size = sizes[partNumber - 1]
  if (size === undefined) throw invalidPartNumber()
  if (object.sizeBytes === 0) return undefined
  const start = sizes.slice(0, partNumber - 1).reduce((sum, each) => sum + each, 0)
  return { start, end: start + size }
}
