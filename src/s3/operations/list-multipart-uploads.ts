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
import { type Bucket, initiatorOf, ownerOf, requireBucket } from '../buckets/bucket.ts'
import { type Documents, uploadKey, uploadsPrefix } from '../documents.ts'
import { invalidArgument } from '../exceptions.ts'
import { behindMarker, commonPrefixOf, listPage, pageSize, printerOf } from '../listing.ts'
import { isMarkedFor, isUploadId, type Upload, uploadDocument } from '../multipart-upload.ts'
import { checkKey } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm, checksumType, commonPrefixes, initiator, owner } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads = operation({
  name: 'ListMultipartUploads',
  action: 's3:ListBucketMultipartUploads',
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
    if (uploadIdMarker !== undefined) await checkMarker(s3, { bucket, keyMarker, uploadIdMarker })
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

interface Marker {
  readonly bucket: Bucket
  readonly keyMarker: string
  readonly uploadIdMarker: string
}

/** Throws InvalidArgument for an id of another key. The upload itself may have ended since it was listed. */
async function checkMarker(ports: Documents, { bucket, keyMarker, uploadIdMarker }: Marker): Promise<void> {
  if (isMarkedFor(uploadIdMarker, keyMarker)) return
  // Uploads that an earlier version began have no mark.
  const document = isUploadId(uploadIdMarker) && uploadKey(bucket.name, keyMarker, uploadIdMarker)
  if (document && (await uploadDocument.get(ports.metadata, document))) return
  throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', uploadIdMarker)
}

interface UploadQuery {
  readonly prefix: string
  readonly delimiter: string
  /** Empty: from the start. */
  readonly keyMarker: string
  /** Within the key of the marker; without it, behind all of that key's uploads. */
  readonly uploadIdMarker: string | undefined
  readonly limit: number
}

interface UploadPage {
  readonly uploads: readonly Upload[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** The markers of what was shown last, given whether more follows or not. */
  readonly next: { readonly key: string; readonly uploadId: string }
}

const LAST_CHARACTER = '\u{10ffff}'

/** By key and, within a key, by the time they began: a listing of keys that end with the upload's id. */
async function listUploads(ports: Documents, bucket: Bucket, query: UploadQuery): Promise<UploadPage> {
  const { prefix, delimiter, keyMarker, uploadIdMarker, limit } = query
  const marker = behindMarker(keyMarker, prefix, delimiter)
  const isPrefix = commonPrefixOf(keyMarker, prefix, delimiter) !== undefined
  const after = marker === undefined || isPrefix ? marker : `${marker}\0${uploadIdMarker ?? LAST_CHARACTER}`
  const page = await listPage(
    async (seek) => {
      const home = uploadsPrefix(bucket.name)
      const found = await uploadDocument.list(ports.metadata, {
        prefix: home + seek.prefix,
        ...(seek.from === undefined ? {} : { from: home + seek.from }),
        ...(seek.after === undefined ? {} : { after: home + seek.after }),
        limit: seek.limit,
        damaged: 'left out',
      })
      return found.map(({ key, value }) => ({ key: key.slice(home.length), name: value.key, upload: value }))
    },
    { prefix, delimiter, after, limit },
  )
  const last = page.entries.at(-1)
  const endsInPrefix = page.next !== undefined && page.next !== last?.key
  return {
    uploads: page.entries.map(({ upload }) => upload),
    commonPrefixes: page.commonPrefixes,
    isTruncated: page.next !== undefined,
    next: endsInPrefix
      ? { key: page.next, uploadId: '' }
      : { key: last?.name ?? '', uploadId: last?.upload.id ?? '' },
  }
}
