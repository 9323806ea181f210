import {
  boolean,
  inHeader,
  inQuery,
  integer,
  list,
  named,
  string,
  structure,
  timestamp,
} from '../../service/shape.ts'
import { initiatorOf, ownerOf, requireBucket } from '../buckets/bucket.ts'
import { invalidArgument } from '../exceptions.ts'
import { pageSize, printerOf } from '../listings/paging.ts'
import { listUploads } from '../listings/uploads.ts'
import { checkKey } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm, checksumType, commonPrefixes, initiator, owner } from '../shapes.ts'
import { isUploadId } from '../uploads/multipart-upload.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads = operation({
  name: 'ListMultipartUploads',
  http: { method: 'GET', path: '/{Bucket}', query: ['uploads'], xmlRoot: 'ListMultipartUploadsResult' },
  input: structure({
    ...bucketInput,
    Delimiter: inQuery('delimiter', string()),
    EncodingType: inQuery('encoding-type', string()),
    KeyMarker: inQuery('key-marker', string()),
    MaxUploads: inQuery('max-uploads', integer()),
    Prefix: inQuery('prefix', string()),
    UploadIdMarker: inQuery('upload-id-marker', string()),
    RequestPayer: inHeader('x-amz-request-payer', string()),
  }),
  output: structure({
    Bucket: string(),
    KeyMarker: string(),
    UploadIdMarker: string(),
    NextKeyMarker: string(),
    NextUploadIdMarker: string(),
    Delimiter: string(),
    Prefix: string(),
    EncodingType: string(),
    MaxUploads: integer(),
    IsTruncated: boolean(),
    Uploads: named(
      'Upload',
      list(
        structure({
          Key: string(),
          UploadId: string(),
          Initiator: initiator,
          Owner: owner,
          StorageClass: string(),
          Initiated: timestamp(),
          ChecksumAlgorithm: checksumAlgorithm,
          ChecksumType: checksumType,
        }),
        { flattened: true },
      ),
    ),
    CommonPrefixes: commonPrefixes,
  }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    const print = printerOf(input.EncodingType)
    const limit = pageSize('max-uploads', input.MaxUploads)
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '' } = input
    checkKey(prefix)
    checkKey(keyMarker)
    const uploadIdMarker = (keyMarker && input.UploadIdMarker) || undefined
    if (uploadIdMarker !== undefined && !isUploadId(uploadIdMarker))
      throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', uploadIdMarker)
    const page = await listUploads(s3, bucket, { prefix, delimiter, keyMarker, uploadIdMarker, limit })
    return {
      Bucket: input.Bucket,
      KeyMarker: print(keyMarker),
      UploadIdMarker: uploadIdMarker ?? '',
      NextKeyMarker: print(page.next.key),
      Prefix: prefix ? print(prefix) : undefined,
      Delimiter: delimiter ? print(delimiter) : undefined,
      NextUploadIdMarker: page.next.uploadId,
      MaxUploads: limit,
      IsTruncated: page.isTruncated,
      Uploads: page.uploads.map(({ id, key, initiatedAt, description, checksum }) => ({
        UploadId: id,
        Key: print(key),
        Initiated: initiatedAt,
        StorageClass: description.storageClass,
        Owner: ownerOf(bucket),
        Initiator: initiatorOf(bucket),
        ...(checksum.isDefault ? {} : { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      })),
      CommonPrefixes: page.commonPrefixes.map((each) => ({ Prefix: print(each) })),
      EncodingType: input.EncodingType,
    }
  },
})
