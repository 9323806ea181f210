import {
  boolean,
  inQuery,
  integer,
  list,
  long,
  named,
  string,
  structure,
  timestamp,
} from '../../service/shape.ts'
import { initiatorOf, ownerOf, requireBucket } from '../buckets/bucket.ts'
import { abortionAnswer } from '../buckets/lifecycle.ts'
import { checksumElements, memberOf } from '../checksums/checksum.ts'
import { partDocument } from '../content/part.ts'
import { partKey, partsPrefix } from '../documents.ts'
import { pageSize, partMarker } from '../listing.ts'
import { requireUpload, uploadInput } from '../multipart-upload.ts'
import { quoted } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import {
  abortionOutput,
  checksumAlgorithm,
  checksumType,
  customerKeyHeaders,
  initiator,
  owner,
} from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts = operation({
  name: 'ListParts',
  action: 's3:ListMultipartUploadParts',
  http: { method: 'GET', path: '/{Bucket}/{Key+}', query: ['uploadId'], xmlRoot: 'ListPartsResult' },
  input: structure({
    ...uploadInput,
    MaxParts: inQuery('max-parts', integer()),
    PartNumberMarker: inQuery('part-number-marker', string()),
    ...customerKeyHeaders,
  }),
  output: structure({
    ...abortionOutput,
    Bucket: string(),
    Key: string(),
    UploadId: string(),
    Initiator: initiator,
    Owner: owner,
    StorageClass: string(),
    PartNumberMarker: string(),
    NextPartNumberMarker: string(),
    MaxParts: integer(),
    IsTruncated: boolean(),
    ChecksumAlgorithm: checksumAlgorithm,
    ChecksumType: checksumType,
    Parts: named(
      'Part',
      list(
        structure({
          PartNumber: integer(),
          LastModified: timestamp(),
          ETag: string(),
          Size: long(),
          ...checksumElements,
        }),
        { flattened: true },
      ),
    ),
  }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    const upload = (await requireUpload(s3, input)).value
    const { id, description, checksum } = upload
    const limit = pageSize('max-parts', input.MaxParts)
    const after = partMarker(input.PartNumberMarker)
    const found = await partDocument.list(s3.metadata, {
      prefix: partsPrefix(id),
      after: partKey(id, after),
      limit: limit + 1,
      damaged: 'left out',
    })
    const parts = found.slice(0, limit).map(({ value }) => value)
    return {
      ...abortionAnswer(bucket.lifecycleRules, upload),
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: id,
      PartNumberMarker: String(after),
      NextPartNumberMarker: String(parts.at(-1)?.partNumber ?? 0),
      MaxParts: limit,
      IsTruncated: limit > 0 && found.length > limit,
      Parts: parts.map((part) => ({
        PartNumber: part.partNumber,
        LastModified: part.lastModified,
        ETag: quoted(part.etag),
        Size: part.sizeBytes,
        ...(checksum.isDefault ? {} : { [memberOf(checksum.algorithm)]: part.checksum }),
      })),
      Initiator: initiatorOf(bucket),
      Owner: ownerOf(bucket),
      StorageClass: description.storageClass,
      ...(checksum.isDefault ? {} : { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
    }
  },
})
