import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { s3Service } from '../../src/s3/service.ts'
import { compareWithSdk } from '../parity/compare-with-sdk.ts'

/** Where our declarations mean to differ. */
const DIFFERENCES = [
  /** S3 keeps and answers what was sent, be it a date or not. */
  /\.(Response)?Expires: string, in the SDK timestamp$/,
  /** S3 knows more headers than its SDK does. */
  /\.input\.(IfRange|EncryptionAfterwards): not in the SDK$/,
  /** What the wire says about a body, and the status of a piece: no members of AWS's models. */
  /\.input\.(ChecksumHeaders|Trailer|ContentSHA256): not in the SDK$/,
  /\.output\.StatusCode: not in the SDK$/,
  /^(HeadBucket|GetBucketPolicy)\.output\.ContentType: not in the SDK$/,
  /^ListObjects(V2)?\.output\.BucketRegion: not in the SDK$/,
  /** Of restores by SELECT, which are refused by their type. */
  /^RestoreObject\.input\.RestoreRequest\.(SelectParameters|OutputLocation): missing$/,
  /** Where each stands among both lists: said by the order of the elements. */
  /^ListObjectVersions\.output\.(Versions|DeleteMarkers)\S*\.Place: not in the SDK$/,
  /** What browsers send, and no SDK. */
  /^PostObject: not in the SDK$/,
  /** What Standpipe never has to say. */
  /\.output\..*: missing$/,
]

test("S3's shapes are those of AWS's newest SDK, but for what is named here", () => {
  const unexpected = compareWithSdk(s3Service, sdk).filter(
    (line) => !DIFFERENCES.some((pattern) => pattern.test(line)),
  )
  assert.deepEqual(unexpected, [])
})
