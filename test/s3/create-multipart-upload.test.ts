import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { OBJECT } from './bound-upload.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('an upload begins, and each has an id of its own', async () => {
  const { call } = await boundS3()
  const begun = { ...OBJECT, ChecksumAlgorithm: 'SHA256', StorageClass: 'STANDARD_IA' }
  const { UploadId, ...answer } = await call('CreateMultipartUpload', begun)
  assert.deepEqual(answer, {
    ...OBJECT,
    ServerSideEncryption: 'AES256',
    ChecksumAlgorithm: 'SHA256',
    ChecksumType: 'COMPOSITE',
  })
  assert.notEqual((await call('CreateMultipartUpload', begun)).UploadId, UploadId)
  const listed = await call('ListParts', { ...OBJECT, UploadId })
  assert.deepEqual([listed.Parts, listed.StorageClass], [[], 'STANDARD_IA'])
})

test('what the object could not be is refused before a part is sent', async () => {
  const { refused } = await boundS3()
  for (const [more, code, message] of [
    [
      { ChecksumAlgorithm: 'FOO' },
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    ],
    [
      { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FOO' },
      'InvalidRequest',
      'Value for x-amz-checksum-type header is invalid.',
    ],
    [{ StorageClass: 'FOO' }, 'InvalidStorageClass', 'The storage class you specified is not valid'],
    [{ ACL: 'public-read' }, 'AccessControlListNotSupported', 'The bucket does not allow ACLs'],
    [{ Key: 'k'.repeat(1025) }, 'KeyTooLongError', 'Your key is too long'],
  ] as const) {
    const refusal = await refused('CreateMultipartUpload', { ...OBJECT, ...more })
    assert.deepEqual([refusal.code, refusal.message], [code, message])
  }
})

test('CreateMultipartUpload wants a bucket of the caller', async () => {
  await assertWantsBucket('CreateMultipartUpload', { Key: 'key' })
})
