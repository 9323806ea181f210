import { type Document, isEngineError } from '../../engine/engine.ts'
import type { Caller } from '../../service/operation.ts'
import { type BucketInput, requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import type { Checksum } from '../checksums/checksum.ts'
import { type Piece, piecesOf } from '../content/content.ts'
import { type ByteRange, parseRange } from '../content/range.ts'
import { objectKey } from '../documents.ts'
import {
  internalError,
  invalidPartNumber,
  invalidRange,
  invalidRequest,
  noSuchKey,
  notModified,
  preconditionFailed,
} from '../exceptions.ts'
import type { S3 } from '../s3.ts'
import { isRangeOf, unmetByRead } from './precondition.ts'
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

/** Which of an object's bytes are meant. */
interface Selected {
  readonly range: ByteRange
  /** A piece was asked for: 206. */
  readonly isPartial: boolean
  /** Of these bytes, where it is known. */
  readonly checksum: Checksum | undefined
}

export interface Selection extends Selected {
  readonly object: StoredObject
  /** The `x-amz-expiration` header. */
  readonly expiration: { readonly Expiration?: string }
}

/** Throws NoSuchKey, which nearly always calls an object by its key alone; InternalError when its document is damaged. */
export async function requireObject(
  s3: S3,
  bucket: string,
  key: string,
  called = key,
): Promise<Document<StoredObject>> {
  checkKey(key)
  const found = await findObject(s3, bucket, key)
  if (!found) throw noSuchKey(called)
  return found
}

async function findObject(s3: S3, bucket: string, key: string): Promise<Document<StoredObject> | undefined> {
  try {
    return await s3.metadata.get<StoredObject>(objectKey(bucket, key))
  } catch (error) {
    if (!isEngineError(error, 'Damaged')) throw error
    s3.damage.found({ bucket, key }, error)
    throw internalError()
  }
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
    s3.clock.now(),
  )
  if (unmet === 'If-None-Match' || unmet === 'If-Modified-Since')
    throw notModified(quoted(object.etag), object.lastModified)
  if (unmet) throw preconditionFailed(unmet)
  const { PartNumber: partNumber } = input
  if (partNumber !== undefined && input.Range !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  const selected = partNumber === undefined ? bytesOf(input, object) : await partOf(s3, object, partNumber)
  return {
    object,
    range: selected.range,
    isPartial: selected.isPartial,
    checksum: selected.checksum,
    expiration: expirationAnswer(lifecycleRules, { ...object, key: input.Key }),
  }
}

const wholeOf = ({ sizeBytes, checksum }: StoredObject): Selected => ({
  range: { start: 0, end: sizeBytes },
  isPartial: false,
  checksum,
})

/** What the Range header asks for. */
function bytesOf(input: ReadInput, object: StoredObject): Selected {
  const { Range: header, IfRange: ifRange } = input
  const whole = wholeOf(object)
  if (ifRange !== undefined && !isRangeOf(ifRange, object)) return whole
  const range = parseRange(header, object.sizeBytes)
  if (range === 'unsatisfiable') throw invalidRange(header!, object.sizeBytes)
  if (range === undefined) return whole
  const isWhole = range.end - range.start === object.sizeBytes
  return { range, isPartial: true, checksum: isWhole ? object.checksum : undefined }
}

/** An object that was not uploaded in parts is its own part 1. */
async function partOf(s3: S3, object: StoredObject, partNumber: number): Promise<Selected> {
  const { sizeBytes, checksum, content } = object
  const pieces = content.in === 'pieces' ? await piecesOf(s3, content.id) : undefined
  const partsCount = pieces?.length ?? 1
  if (!(partNumber >= 1 && partNumber <= partsCount)) throw invalidPartNumber(partNumber, partsCount)
  if (sizeBytes === 0) return wholeOf(object)
  if (!pieces) return { ...wholeOf(object), isPartial: true }
  const piece = pieces[partNumber - 1]!
  const start = pieces.slice(0, partNumber - 1).reduce((sum, each) => sum + each.sizeBytes, 0)
  return {
    range: { start, end: start + piece.sizeBytes },
    isPartial: true,
    checksum: checksumOfPart(checksum, piece, partsCount),
  }
}

function checksumOfPart(checksum: Checksum, { checksum: value }: Piece, partsCount: number) {
  if (checksum.type === 'FULL_OBJECT') return partsCount === 1 ? checksum : undefined
  return value === undefined ? undefined : { ...checksum, value }
}
