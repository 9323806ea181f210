import {
  boolean,
  inHeader,
  integer,
  list,
  long,
  named,
  oneOf,
  required,
  string,
  structure,
  timestamp,
} from '../../service/shape.ts'
import { accessTo } from '../accesses.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { type Checksum, checksumAnswer, checksumElements, memberOf } from '../checksums/checksum.ts'
import { piecesOf } from '../content/content.ts'
import { invalidArgument } from '../exceptions.ts'
import { pageSize, partMarker } from '../listing.ts'
import { requireObject, versionIdOf } from '../objects/found.ts'
import type { StoredObject } from '../objects/stored-object.ts'
import { operation, type S3 } from '../s3.ts'
import {
  checksumType,
  customerKeyHeaders,
  noEncryptionHeader,
  objectInput,
  versionInput,
  versionOutput,
} from '../shapes.ts'

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export const getObjectAttributes = operation({
  name: 'GetObjectAttributes',
  http: {
    method: 'GET',
    path: '/{Bucket}/{Key+}',
    query: ['attributes'],
    xmlRoot: 'GetObjectAttributesResponse',
  },
  input: structure({
    ...objectInput,
    ...versionInput,
    MaxParts: inHeader('x-amz-max-parts', integer()),
    PartNumberMarker: inHeader('x-amz-part-number-marker', string()),
    ...customerKeyHeaders,
    ...noEncryptionHeader,
    ObjectAttributes: inHeader('x-amz-object-attributes', required(list(oneOf(...ATTRIBUTES)))),
  }),
  output: structure({
    ...versionOutput,
    LastModified: inHeader('Last-Modified', timestamp()),
    ETag: string(),
    Checksum: structure({ ...checksumElements, ChecksumType: checksumType }),
    ObjectParts: structure({
      TotalPartsCount: named('PartsCount', integer()),
      PartNumberMarker: string(),
      NextPartNumberMarker: string(),
      MaxParts: integer(),
      IsTruncated: boolean(),
      Parts: named(
        'Part',
        list(structure({ PartNumber: integer(), Size: long(), ...checksumElements }), { flattened: true }),
      ),
    }),
    StorageClass: string(),
    ObjectSize: long(),
  }),
  accesses: async (s3, { Bucket: bucket, Key: key, VersionId: versionId }, caller) => [
    await accessTo(s3, caller, { action: 's3:GetObject', bucket, key, versionId }),
    await accessTo(s3, caller, { action: 's3:GetObjectAttributes', bucket, key, versionId }),
  ],
  async handle(s3, input, caller) {
    const home = (await requireBucket(s3, input, caller)).value
    const { Key: key, VersionId: versionId } = input
    const object = (await requireObject(s3, home, { key, versionId })).value
    const wanted = input.ObjectAttributes ?? []
    if (wanted.length === 0 || wanted.some((name) => !ATTRIBUTES.includes(name)))
      throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', wanted.join(','))
    return {
      VersionId: versionIdOf(home, object),
      LastModified: object.lastModified,
      ETag: wanted.includes('ETag') ? object.etag : undefined,
      Checksum: wanted.includes('Checksum') ? checksumAnswer(withoutCount(object.checksum)) : undefined,
      ObjectParts: wanted.includes('ObjectParts') ? await partsOf(s3, object, input) : undefined,
      StorageClass: wanted.includes('StorageClass') ? object.storageClass : undefined,
      ObjectSize: wanted.includes('ObjectSize') ? object.sizeBytes : undefined,
    }
  },
})

/** A composite checksum ends in how many parts it is of, everywhere but here. */
const withoutCount = (checksum: Checksum): Checksum => ({
  ...checksum,
  value: checksum.value.replace(/-\d+$/, ''),
})

/**
 * Of an object that was uploaded in parts; its parts are numbered anew, without gaps. Only those of a composite
 * checksum are shown.
 */
async function partsOf(
  s3: S3,
  { content, checksum }: StoredObject,
  input: { readonly MaxParts?: number | undefined; readonly PartNumberMarker?: string | undefined },
) {
  const pieces = content.in === 'pieces' ? await piecesOf(s3, content.id) : undefined
  if (!pieces) return undefined
  if (checksum.type === 'FULL_OBJECT') return { TotalPartsCount: pieces.length }
  const limit = pageSize('max-parts', input.MaxParts)
  const after = partMarker(input.PartNumberMarker)
  const shown = pieces.slice(after, after + limit)
  return {
    TotalPartsCount: pieces.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(shown.length === 0 ? 0 : after + shown.length),
    MaxParts: limit,
    IsTruncated: limit > 0 && after + shown.length < pieces.length,
    Parts: shown.map(({ sizeBytes, checksum: value }, index) => ({
      PartNumber: after + index + 1,
      Size: sizeBytes,
      [memberOf(checksum.algorithm)]: value,
    })),
  }
}
