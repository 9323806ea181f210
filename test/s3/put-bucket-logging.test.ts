import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

test('that nothing is logged may be written, and nothing else', async () => {
  const { call, refused } = await boundS3()
  await call('PutBucketLogging', { Bucket, BucketLoggingStatus: await call('GetBucketLogging', { Bucket }) })
  const LoggingEnabled = { TargetBucket: 'logs', TargetPrefix: '' }
  const { code, message } = await refused('PutBucketLogging', {
    Bucket,
    BucketLoggingStatus: { LoggingEnabled },
  })
  assert.equal(code, 'NotImplemented')
  assert.match(message, /PutBucketLogging/)
})

test('PutBucketLogging wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketLogging', { BucketLoggingStatus: {} })
})
