import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketLoggingCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('requests are not logged', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetBucketLoggingCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.LoggingEnabled, undefined)
  assert.deepEqual(errors, [])
})

test('GetBucketLogging wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketLogging')
})
