import {
  asStatus,
  inHeader,
  inHeaderPrefix,
  integer,
  long,
  map,
  string,
  timestamp,
} from '../../service/shape.ts'
import { checksumAnswer, checksumHeaders } from '../checksums/members.ts'
import { contentRangeOf } from '../content/range.ts'
import { invalidArgument } from '../exceptions.ts'
import { checksumType, contentHeaders, encryptionOutput, expirationOutput } from '../shapes.ts'
import type { Selection } from './selection.ts'
import { type ObjectHeaders, quoted } from './stored-object.ts'

/** What GetObject and HeadObject say about an object. */
export const objectOutput = {
  AcceptRanges: inHeader('accept-ranges', string()),
  ...expirationOutput,
  LastModified: inHeader('Last-Modified', timestamp()),
  ContentLength: inHeader('Content-Length', long()),
  ETag: inHeader('ETag', string()),
  ...checksumHeaders,
  ChecksumType: inHeader('x-amz-checksum-type', checksumType),
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

interface AnswerInput {
  readonly ChecksumMode?: string | undefined
  readonly PartNumber?: number | undefined
  readonly ResponseCacheControl?: string | undefined
  readonly ResponseContentDisposition?: string | undefined
  readonly ResponseContentEncoding?: string | undefined
  readonly ResponseContentLanguage?: string | undefined
  readonly ResponseContentType?: string | undefined
  readonly ResponseExpires?: string | undefined
}

export function objectAnswer(
  { object, range, isPartial, checksum, expiration }: Selection,
  input: AnswerInput,
) {
  const { tags, storageClass, upload } = object
  return {
    AcceptRanges: 'bytes',
    ...expiration,
    LastModified: object.lastModified,
    ContentLength: range.end - range.start,
    ETag: quoted(object.etag),
    ...(input.ChecksumMode?.toUpperCase() === 'ENABLED' ? checksumAnswer(checksum) : {}),
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
function overrides(input: AnswerInput): ObjectHeaders {
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
