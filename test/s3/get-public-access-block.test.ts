import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetPublicAccessBlockCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('all public access is blocked', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetPublicAccessBlockCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  assert.deepEqual(errors, [])
})

test('GetPublicAccessBlock wants a bucket of the caller', async () => {
  await assertWantsBucket('GetPublicAccessBlock')
})
