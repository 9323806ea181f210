import type { Clock } from '../../clock/clock.ts'
import type { Caller } from '../../service/operation.ts'
import {
  asStatus,
  inHeader,
  inHeaderPrefix,
  inQuery,
  integer,
  long,
  map,
  string,
  timestamp,
} from '../../service/shape.ts'
import { restoreAnswer } from '../archive/archived.ts'
import { type BucketInput, type Requesting, requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import { type Checksum, checksumAnswer, checksumHeaders } from '../checksums/checksum.ts'
import { type Piece, piecesOf } from '../content/content.ts'
import { type ByteRange, contentRangeOf, parseRange } from '../content/range.ts'
import {
  anonymousOverride,
  invalidArgument,
  invalidPartNumber,
  invalidRange,
  invalidRequest,
  notModified,
  preconditionFailed,
} from '../exceptions.ts'
import {
  checksumType,
  contentHeaders,
  customerKeyHeaders,
  encryptionOutput,
  expirationOutput,
  noEncryptionHeader,
  objectInput,
  versionInput,
  versionOutput,
} from '../shapes.ts'
import { type Finding, requireObject, versionIdOf } from './found.ts'
import { isRangeOf, unmetByRead } from './precondition.ts'
import { type ObjectHeaders, quoted, type StoredObject } from './stored-object.ts'

/** What GetObject and HeadObject are asked with. `IfRange` is not in AWS's models, but S3 knows it. */
export const readInput = {
  ...objectInput,
  IfMatch: inHeader('If-Match', string()),
  IfModifiedSince: inHeader('If-Modified-Since', timestamp()),
  IfNoneMatch: inHeader('If-None-Match', string()),
  IfUnmodifiedSince: inHeader('If-Unmodified-Since', timestamp()),
  Range: inHeader('Range', string()),
  IfRange: inHeader('If-Range', string()),
  ResponseCacheControl: inQuery('response-cache-control', string()),
  ResponseContentDisposition: inQuery('response-content-disposition', string()),
  ResponseContentEncoding: inQuery('response-content-encoding', string()),
  ResponseContentLanguage: inQuery('response-content-language', string()),
  ResponseContentType: inQuery('response-content-type', string()),
  ResponseExpires: inQuery('response-expires', string()),
  ...versionInput,
  ...customerKeyHeaders,
  ...noEncryptionHeader,
  PartNumber: inQuery('partNumber', integer()),
  ChecksumMode: inHeader('x-amz-checksum-mode', string()),
}

interface Overrides {
  readonly ResponseCacheControl?: string | undefined
  readonly ResponseContentDisposition?: string | undefined
  readonly ResponseContentEncoding?: string | undefined
  readonly ResponseContentLanguage?: string | undefined
  readonly ResponseContentType?: string | undefined
  readonly ResponseExpires?: string | undefined
}

const OVERRIDES: readonly (keyof Overrides)[] = [
  'ResponseCacheControl',
  'ResponseContentDisposition',
  'ResponseContentEncoding',
  'ResponseContentLanguage',
  'ResponseContentType',
  'ResponseExpires',
]

interface ReadInput extends BucketInput, Overrides {
  readonly Key: string
  readonly VersionId?: string | undefined
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
  readonly IfModifiedSince?: number | undefined
  readonly IfUnmodifiedSince?: number | undefined
  readonly Range?: string | undefined
  readonly IfRange?: string | undefined
  readonly PartNumber?: number | undefined
}

interface Selecting extends Finding {
  readonly clock: Pick<Clock, 'now'>
}

/** Which of an object's bytes are meant. */
interface Selected {
  readonly range: ByteRange
  /** A piece was asked for: 206. */
  readonly isPartial: boolean
  /** Of these bytes, where it is known. */
  readonly checksum: Checksum | undefined
}

interface Selection extends Selected {
  readonly object: StoredObject
  readonly versionId: string | undefined
  /** The `x-amz-restore` header. */
  readonly restore: { readonly Restore?: string }
  /** The `x-amz-expiration` header. */
  readonly expiration: { readonly Expiration?: string }
}

/** The object that a GET or HEAD means and which bytes of it; throws what S3 answers when there are none. */
export async function selectObject(
  ports: Selecting,
  input: ReadInput,
  caller: Requesting & Pick<Caller, 'principal'>,
): Promise<Selection> {
  if (caller.principal.kind === 'anonymous' && OVERRIDES.some((name) => input[name] !== undefined))
    throw anonymousOverride()
  const home = (await requireBucket(ports, input, caller)).value
  const { Key: key, VersionId: versionId } = input
  const object = (await requireObject(ports, home, { key, versionId })).value
  const unmet = unmetByRead(
    {
      ifMatch: input.IfMatch,
      ifNoneMatch: input.IfNoneMatch,
      ifModifiedSince: input.IfModifiedSince,
      ifUnmodifiedSince: input.IfUnmodifiedSince,
    },
    object,
    ports.clock.now(),
  )
  if (unmet === 'If-None-Match' || unmet === 'If-Modified-Since')
    throw notModified(quoted(object.etag), object.lastModified)
  if (unmet) throw preconditionFailed(unmet)
  const { PartNumber: partNumber } = input
  if (partNumber !== undefined && input.Range !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter')
  const selected = partNumber === undefined ? bytesOf(input, object) : await partOf(ports, object, partNumber)
  return {
    object,
    range: selected.range,
    isPartial: selected.isPartial,
    checksum: selected.checksum,
    versionId: versionIdOf(home, object),
    restore: restoreAnswer(object, ports.clock.now()),
    // What is asked for by its version may be no object any more.
    expiration: versionId === undefined ? expirationAnswer(home.lifecycleRules, { ...object, key }) : {},
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
async function partOf(
  documents: Pick<Selecting, 'metadata'>,
  object: StoredObject,
  partNumber: number,
): Promise<Selected> {
  const { sizeBytes, checksum, content } = object
  const pieces = content.in === 'pieces' ? await piecesOf(documents, content.id) : undefined
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

/** What GetObject and HeadObject say about an object. */
export const objectOutput = {
  AcceptRanges: inHeader('accept-ranges', string()),
  Restore: inHeader('x-amz-restore', string()),
  ...expirationOutput,
  LastModified: inHeader('Last-Modified', timestamp()),
  ContentLength: inHeader('Content-Length', long()),
  ETag: inHeader('ETag', string()),
  ...checksumHeaders,
  ChecksumType: inHeader('x-amz-checksum-type', checksumType),
  ...versionOutput,
  ...contentHeaders,
  ContentRange: inHeader('Content-Range', string()),
  ...encryptionOutput,
  Metadata: inHeaderPrefix('x-amz-meta-', map(string(), string())),
  StorageClass: inHeader('x-amz-storage-class', string()),
  PartsCount: inHeader('x-amz-mp-parts-count', integer()),
  TagCount: inHeader('x-amz-tagging-count', integer()),
  /** 200, or 206 for a piece. */
  StatusCode: asStatus(integer()),
}

interface AnswerInput extends Overrides {
  readonly ChecksumMode?: string | undefined
  readonly PartNumber?: number | undefined
}

export function objectAnswer(
  { object, range, isPartial, checksum, versionId, expiration, restore }: Selection,
  input: AnswerInput,
) {
  const { tags, storageClass, upload } = object
  return {
    AcceptRanges: 'bytes',
    ...expiration,
    ...restore,
    LastModified: object.lastModified,
    ContentLength: range.end - range.start,
    ETag: quoted(object.etag),
    ...(input.ChecksumMode?.toUpperCase() === 'ENABLED' ? checksumAnswer(checksum) : {}),
    ...(versionId === undefined ? {} : { VersionId: versionId }),
    ...object.headers,
    ...overrides(input),
    ...(isPartial ? { ContentRange: contentRangeOf(range, object.sizeBytes) } : {}),
    ServerSideEncryption: 'AES256' as const,
    ...(Object.keys(object.metadata).length > 0 ? { Metadata: object.metadata } : {}),
    ...(storageClass === 'STANDARD' ? {} : { StorageClass: storageClass }),
    ...(input.PartNumber !== undefined && upload ? { PartsCount: upload.partsCount } : {}),
    ...(tags.length > 0 ? { TagCount: tags.length } : {}),
    StatusCode: isPartial ? 206 : 200,
  }
}

/** The `response-…` query members, which presigned links carry. */
function overrides(input: Overrides): ObjectHeaders {
  const headers: ObjectHeaders = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    Expires: input.ResponseExpires,
  }
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  for (const [name, value] of given)
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value!))
      throw invalidArgument(
        'Header value cannot be represented using ISO-8859-1.',
        `response${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        value!,
      )
  return Object.fromEntries(given)
}
