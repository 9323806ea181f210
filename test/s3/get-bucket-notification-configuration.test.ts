import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('nobody is notified', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetBucketNotificationConfigurationCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.QueueConfigurations, undefined)
  assert.deepEqual(errors, [])
})

test('GetBucketNotificationConfiguration wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketNotificationConfiguration')
})
