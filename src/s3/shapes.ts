import {
  boolean,
  inHeader,
  inHeaderPrefix,
  inQuery,
  integer,
  inUri,
  list,
  long,
  map,
  oneOf,
  required,
  string,
  structure,
  timestamp,
} from '../service/shape.ts'
import { CHECKSUM_ALGORITHMS, CHECKSUM_TYPES } from './checksums/checksum.ts'

/** Members that many of S3's operations share. What they ask for and Standpipe has not, refusal.ts refuses. */
export const bucketInput = {
  Bucket: inUri('Bucket', required(string())),
  ExpectedBucketOwner: inHeader('x-amz-expected-bucket-owner', string()),
}

export const objectInput = {
  ...bucketInput,
  Key: inUri('Key', required(string())),
  RequestPayer: inHeader('x-amz-request-payer', oneOf('requester')),
}

export const versionInput = { VersionId: inQuery('versionId', string()) }
/** Of a bucket with versions: which one it is about. */
export const versionOutput = { VersionId: inHeader('x-amz-version-id', string()) }
export const deletionOutput = { DeleteMarker: inHeader('x-amz-delete-marker', boolean()), ...versionOutput }

export const checksumAlgorithm = oneOf(...CHECKSUM_ALGORITHMS)
export const checksumType = oneOf(...CHECKSUM_TYPES)
export const serverSideEncryption = oneOf('AES256', 'aws:fsx', 'aws:kms', 'aws:kms:dsse')

export const contentHeaders = {
  CacheControl: inHeader('Cache-Control', string()),
  ContentDisposition: inHeader('Content-Disposition', string()),
  ContentEncoding: inHeader('Content-Encoding', string()),
  ContentLanguage: inHeader('Content-Language', string()),
  ContentType: inHeader('Content-Type', string()),
  Expires: inHeader('Expires', string()),
  WebsiteRedirectLocation: inHeader('x-amz-website-redirect-location', string()),
}

export const userMetadata = inHeaderPrefix('x-amz-meta-', map(string(), string()))
export const storageClass = inHeader('x-amz-storage-class', string())

export const grantHeaders = {
  ACL: inHeader('x-amz-acl', string()),
  GrantFullControl: inHeader('x-amz-grant-full-control', string()),
  GrantRead: inHeader('x-amz-grant-read', string()),
  GrantReadACP: inHeader('x-amz-grant-read-acp', string()),
  GrantWriteACP: inHeader('x-amz-grant-write-acp', string()),
}

export const customerKeyHeaders = {
  SSECustomerAlgorithm: inHeader('x-amz-server-side-encryption-customer-algorithm', string()),
  SSECustomerKey: inHeader('x-amz-server-side-encryption-customer-key', string()),
  SSECustomerKeyMD5: inHeader('x-amz-server-side-encryption-customer-key-MD5', string()),
}

export const encryptionHeaders = {
  ServerSideEncryption: inHeader('x-amz-server-side-encryption', string()),
  ...customerKeyHeaders,
  SSEKMSKeyId: inHeader('x-amz-server-side-encryption-aws-kms-key-id', string()),
  SSEKMSEncryptionContext: inHeader('x-amz-server-side-encryption-context', string()),
  BucketKeyEnabled: inHeader('x-amz-server-side-encryption-bucket-key-enabled', boolean()),
}

/** Encryption is chosen when an object is made, and nowhere else; not in AWS's models, but S3 refuses it by name. */
export const noEncryptionHeader = {
  EncryptionAfterwards: inHeader('x-amz-server-side-encryption', string()),
}

export const objectLockHeaders = {
  ObjectLockMode: inHeader('x-amz-object-lock-mode', string()),
  ObjectLockRetainUntilDate: inHeader(
    'x-amz-object-lock-retain-until-date',
    timestamp({ format: 'date-time' }),
  ),
  ObjectLockLegalHoldStatus: inHeader('x-amz-object-lock-legal-hold', string()),
  ObjectLockEventHold: inHeader('x-amz-object-lock-event-hold', string()),
  ObjectLockEventHoldDurationDays: inHeader('x-amz-object-lock-event-hold-duration-days', integer()),
  ObjectLockEventHoldDurationYears: inHeader('x-amz-object-lock-event-hold-duration-years', integer()),
}

/** Everything that may be said about an object when it is made: by PutObject, CopyObject, CreateMultipartUpload. */
export const newObjectInput = {
  ...objectInput,
  ...grantHeaders,
  ...contentHeaders,
  Metadata: userMetadata,
  ...encryptionHeaders,
  StorageClass: storageClass,
  Tagging: inHeader('x-amz-tagging', string()),
  ...objectLockHeaders,
}

export const writeConditions = {
  IfMatch: inHeader('If-Match', string()),
  IfNoneMatch: inHeader('If-None-Match', string()),
}

/** When a lifecycle rule removes the object. */
export const expirationOutput = { Expiration: inHeader('x-amz-expiration', string()) }

/** When a lifecycle rule aborts the upload. */
export const abortionOutput = {
  AbortDate: inHeader('x-amz-abort-date', timestamp()),
  AbortRuleId: inHeader('x-amz-abort-rule-id', string()),
}

/** S3 encrypts everything with its own keys unless told otherwise, and says so. */
export const encryptionOutput = {
  ServerSideEncryption: inHeader('x-amz-server-side-encryption', serverSideEncryption),
}

export const owner = structure({ ID: string() })
export const initiator = structure({ ID: string(), DisplayName: string() })

/** Where the bucket lies that is listed; not in AWS's models, but S3 sends it. */
export const regionOutput = { BucketRegion: inHeader('x-amz-bucket-region', string()) }

/** What each listing of objects says of its page, behind where it begins and before what it lists. */
export const pageOutput = {
  MaxKeys: integer(),
  Delimiter: string(),
  EncodingType: string(),
  IsTruncated: boolean(),
}

/**
 * Here, and in the listings, members stand in the order in which S3 writes them: a client that reads an answer as it
 * comes (AWS's SDK for Java 1) puts the bucket's name into the objects that follow it.
 */
export const listedObject = structure({
  Key: string(),
  LastModified: timestamp(),
  ETag: string(),
  ChecksumAlgorithm: list(checksumAlgorithm, { flattened: true }),
  ChecksumType: checksumType,
  Size: long(),
  Owner: owner,
  StorageClass: string(),
})
export const commonPrefixes = list(structure({ Prefix: string() }), { flattened: true })
