import assert from 'node:assert/strict'
import { boundS3, CALLER } from './bound-s3.ts'

const NOT_THERE = [404, 'NoSuchBucket', 'The specified bucket does not exist'] as const
const FORBIDDEN = [403, 'AccessDenied', 'Access Denied'] as const

/** An operation's refusal as status, code and message, the bucket `lake` having the object `key`. */
async function refusing(operation: string) {
  const { refused, put } = await boundS3()
  await put('key', 'x')
  return async (input: object, caller = CALLER) => {
    const { status, code, message } = await refused(operation, input, caller)
    return [status, code, message]
  }
}

/** Asserts what an operation answers of a bucket that is not there or belongs to somebody else; `rest` is right. */
export async function assertWantsBucket(operation: string, rest: object = {}): Promise<void> {
  const refusal = await refusing(operation)
  const lake = { Bucket: 'lake', ...rest }
  assert.deepEqual(await refusal({ ...lake, Bucket: 'nowhere' }), NOT_THERE)
  assert.deepEqual(await refusal({ ...lake, Bucket: 'No_Where' }), [
    400,
    'InvalidBucketName',
    'The specified bucket is not valid.',
  ])
  assert.deepEqual(await refusal(lake, { ...CALLER, account: '000000000000' }), FORBIDDEN)
  assert.deepEqual(await refusal({ ...lake, ExpectedBucketOwner: '999999999999' }), FORBIDDEN)
  assert.deepEqual(await refusal({ ...lake, ExpectedBucketOwner: 'me' }), [
    400,
    'InvalidBucketOwnerAWSAccountID',
    'The value of the expected bucket owner parameter must be an AWS Account ID... [me]',
  ])
}

/** Asserts what an operation answers of an object that is not there, in a bucket that is; `rest` is right. */
export async function assertWantsObject(operation: string, rest: object = {}): Promise<void> {
  await assertWantsBucket(operation, { Key: 'key', ...rest })
  const refusal = await refusing(operation)
  assert.deepEqual(await refusal({ Bucket: 'lake', Key: 'none', ...rest }), [
    404,
    'NoSuchKey',
    'The specified key does not exist.',
  ])
}

/** Asserts what an operation answers of a version, where every object has none but `null`; `rest` is right. */
export async function assertWantsNullVersion(operation: string, rest: object = {}): Promise<void> {
  const refusal = await refusing(operation)
  const object = { Bucket: 'lake', Key: 'key', ...rest }
  for (const [VersionId, message] of [
    ['', 'Version id cannot be the empty string'],
    ['abc', 'Invalid version id specified'],
  ])
    assert.deepEqual(await refusal({ ...object, VersionId }), [400, 'InvalidArgument', message])
}

/** Asserts what an operation answers of an upload that is not there; `rest` is right. */
export async function assertWantsUpload(operation: string, rest: object = {}): Promise<void> {
  const upload = { Key: 'key', UploadId: 'none', ...rest }
  await assertWantsBucket(operation, upload)
  const refusal = await refusing(operation)
  assert.deepEqual(await refusal({ Bucket: 'lake', ...upload }), [
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ])
}

/** Asserts what an operation that lists objects answers to a query that it cannot read. */
export async function assertWantsQuery(operation: string): Promise<void> {
  const refusal = await refusing(operation)
  for (const [query, code, message] of [
    [{ MaxKeys: -1 }, 'InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647'],
    [{ EncodingType: 'gzip' }, 'InvalidArgument', 'Invalid Encoding Method specified in Request'],
    [{ Prefix: 'p'.repeat(1025) }, 'KeyTooLongError', 'Your key is too long'],
  ] as const)
    assert.deepEqual(await refusal({ Bucket: 'lake', ...query }), [400, code, message])
}
